"""Verbs of the apps refuse what their forms refuse, with a ValidationError by field, and store nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from profiles.models import User
from profiles.testing.installed import needs
from tenants.context import within
from tenants.models import Tenant

WITHOUT_ZONE = datetime(2090, 1, 1)  # noqa: DTZ001
LATEST = datetime.max.replace(tzinfo=UTC)


@needs("profiles.joining")
@pytest.mark.parametrize(
    "values",
    [
        {"days": 0},
        {"days": 10**9},
        {"days": float("nan")},
        {"most_uses": -1},
        {"most_uses": 0},
        {"most_uses": 10**6},
        {"domains": "x" * 301},
        {"domains": "a\0b"},
        {"domains": None},
    ],
)
def test_join_link_that_its_form_would_refuse(acme, owner, values):
    from profiles.joining.links import make_link
    from profiles.joining.models import Joining

    with within(acme):
        with pytest.raises(ValidationError):
            make_link(**{"actor": owner, "role": "reader", "days": 7, **values})
        assert not Joining.objects.exclude(nonce="").exists()


@needs("profiles.webhooks")
@pytest.mark.parametrize(
    "values",
    [
        {"url": ""},
        {"url": "no address"},
        {"url": "http://localhost/"},
        {"url": "https://x.example/" + "x" * 500},
        {"events": "boss"},
        {"events": "*?"},
        {"events": ""},
        {"description": "x" * 101},
    ],
)
def test_webhook_that_its_form_would_refuse(acme, owner, values):
    from profiles.webhooks.changes import make
    from profiles.webhooks.models import Endpoint

    with within(acme):
        with pytest.raises(ValidationError) as refusal:
            make(actor=owner, endpoint=Endpoint(**{"url": "https://hooks.acme.example/", **values}))
        assert list(refusal.value.error_dict) == list(values)
        assert not Endpoint.objects.exists()


@needs("profiles.api")
@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": "a\0b"},
        {"scopes": []},
        {"scopes": ["boss"]},
        {"networks": "banana"},
        {"networks": "x" * 101},
        {"expires": LATEST},
    ],
)
def test_token_that_its_form_would_refuse(acme, owner, values):
    from profiles.api.changes import Wishes, issue, issue_service
    from profiles.api.models import Token

    wishes = Wishes(**{"name": "Export", "scopes": ["read"], **values})
    with within(acme):
        people = User.objects.count()
        for make in (
            lambda: issue(member=owner, wishes=wishes),
            lambda: issue_service(actor=owner, role="reader", wishes=wishes),
        ):
            with pytest.raises(ValidationError) as refusal:
                make()
            assert list(refusal.value.error_dict) == list(values)
        assert not Token.objects.exists()
        assert User.objects.count() == people


@needs("profiles.api")
def test_a_network_that_is_none_lets_no_one_in_and_breaks_nothing(acme, owner, as_user):
    from profiles.api.changes import Wishes, issue
    from profiles.api.models import Token

    with within(acme):
        token, _text = issue(member=owner, wishes=Wishes(name="Export", scopes=["read"]))
        Token.objects.filter(pk=token.pk).update(networks="banana 10.0.0.0/8")
        token.refresh_from_db()
        assert not token.may_come_from("192.0.2.1")
        assert token.may_come_from("10.1.2.3")
    assert as_user(owner).get("/account/api/").status_code == 200


@needs("profiles.scim")
@pytest.mark.parametrize("values", [{"role": "owner"}, {"role": "boss"}, {"roles": "no line"}, {"roles": "A = owner"}])
def test_directory_that_its_form_would_refuse(acme, owner, values):
    from profiles.scim.changes import switch_on
    from profiles.scim.models import Directory

    with within(acme):
        with pytest.raises(ValidationError) as refusal:
            switch_on(actor=owner, directory=Directory(**values))
        assert list(refusal.value.error_dict) == list(values)
        assert not Directory.objects.exists()


@needs("profiles.plans")
@pytest.mark.parametrize(
    "values",
    [
        {"until": WITHOUT_ZONE},
        {"until": LATEST},
        *[{"exceptions": {"seats": value}} for value in (float("nan"), float("inf"), 1.5, -1, "5", True, 10**30)],
    ],
)
def test_plan_that_its_form_would_refuse(acme, values):
    from profiles.plans.changes import change_plan
    from profiles.plans.models import HeldPlan

    with pytest.raises(ValidationError) as refusal:
        change_plan(acme, **{"plan": "free", "by": "Billing", "reason": "Asked for it", **values})
    assert list(refusal.value.error_dict) == list(values)
    assert not HeldPlan.objects.exists()


@needs("profiles.custom_fields")
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("date", 5),
        ("date", True),
        ("date", [1]),
        ("date", {}),
        ("text", "\ud800"),
        ("person", "\ud800"),
        ("number", float("nan")),
        ("number", 10**30),
        ("choice", 7),
        ("choices", 7),
    ],
)
def test_value_of_a_field_that_its_form_would_refuse(acme, owner, kind, value):
    from profiles.custom_fields.changes import define, fill_in
    from profiles.custom_fields.models import Field, Values

    with within(acme):
        field = define(actor=owner, field=Field(label="Shoe", kind=kind, options=["a"]))
        if value == {}:
            return
        with pytest.raises(ValidationError):
            fill_in(actor=owner, profile=owner.profile, values={field.key: value})
        assert not Values.objects.exclude(values={}).exists()


@needs("profiles.custom_fields")
@pytest.mark.parametrize("options", [None, 7, "x", [1], [""], ["\0"], [["a"]]])
def test_options_that_are_none(acme, owner, options):
    from profiles.custom_fields.changes import define
    from profiles.custom_fields.models import Field

    with within(acme):
        with pytest.raises(ValidationError):
            define(actor=owner, field=Field(label="Shoe", kind="choice", options=options))
        assert not Field.objects.exists()


@needs("profiles.bulk_invitations")
def test_line_of_a_list_without_an_address(acme, owner):
    from profiles.bulk_invitations.changes import draft
    from profiles.bulk_invitations.lines import read
    from profiles.bulk_invitations.models import Batch

    with within(acme):
        draft(actor=owner, people=read("email,name\n,Ivy\nivy@acme.example,\ud800Ivy", role="reader"))
        assert [line.email for line in Batch.objects.get().people] == ["", "ivy@acme.example"]


@pytest.mark.parametrize("sentence", ["x" * 301, "a\0b", None])
def test_sentence_of_a_suspension(acme, sentence):
    from tenants.organisations.suspend import suspend

    with pytest.raises(ValidationError):
        suspend(acme, sentence=sentence)
    acme.refresh_from_db()
    assert acme.state == Tenant.State.ACTIVE


@needs("profiles.notices")
def test_notifications_in_a_way_that_there_is_not(acme, reader):
    from profiles.notices.models import Preference
    from profiles.notices.ways import Way, choose
    from shared.capabilities.registry import notice_kinds

    kind = next(iter(notice_kinds()))
    with within(acme):
        for ways in ({"boss": Way(True, "never")}, {kind: Way(True, "hourly")}, {kind: Way(None, "never")}):  # type: ignore[arg-type]
            with pytest.raises(ValidationError):
                choose(reader, ways)
        assert not Preference.objects.exists()


@needs("profiles.support")
@pytest.mark.parametrize("values", [{"reason": ""}, {"reason": "x" * 301}, {"reason": "a\0b"}, {"minutes": 61}])
def test_visit_that_its_form_would_refuse(acme, owner, reader, values):
    from profiles.support.changes import ask, choose
    from profiles.support.models import Visit

    with within(acme):
        choose(actor=owner, access="on")
        with pytest.raises(ValidationError):
            ask(**{"operator": owner, "member": reader, "reason": "Asked for help", "minutes": 15, **values})
        assert not Visit.objects.exists()
        with pytest.raises(ValidationError):
            choose(actor=owner, access="sometimes")


@needs("profiles.announcements")
def test_announcement_at_the_end_of_time(db):
    from profiles.announcements.models import Announcement

    for ends in (LATEST, WITHOUT_ZONE):
        with pytest.raises(ValidationError):
            Announcement(text="Hello", ends=ends).save()
    Announcement(text="Hello", ends=datetime.now(UTC) + timedelta(days=1)).save()
