"""What a token allows: for which member, in which organisation, in which scope, until when."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from profiles.api import changes, nightly
from profiles.api.changes import Wishes
from profiles.api.models import Answer, Token, TokenPolicy
from profiles.api.texts import digest
from profiles.members.changes import change_role, deactivate, reactivate, remove
from profiles.models import User
from tenants.context import within
from tests.profiles.api.conftest import Program


def test_only_the_hash_is_stored(acme, reader, token_of):
    text = token_of(reader)
    with within(acme):
        row = Token.objects.values().get()
    assert row["digest"] == digest(text)
    assert text not in str(row)
    assert text[12:] not in str(row)


def test_another_organisation_does_not_know_it(program, owner, globex):
    elsewhere = Program(globex, program(owner).text)
    assert elsewhere.call("GET", "/me").status_code == 401


def test_equal_number_next_door_is_no_way_in(acme, globex, owner, stranger):
    with within(acme):
        token, text = changes.issue(member=owner, wishes=Wishes("Script", ["write"]))
    with within(globex):
        Token.objects.create(pk=token.pk, user=stranger, name="Script", digest="0" * 64, scope="write")
    assert Program(globex, text).call("GET", "/me").status_code == 401


def test_other_secret_of_the_same_number_is_refused(acme, program, owner):
    from profiles.api import texts

    used = program(owner)
    with within(acme):
        forged = texts.make(Token.objects.get().pk)
    assert Program(acme, forged).call("GET", "/me").status_code == 401
    assert used.call("GET", "/me").status_code == 200


def test_it_ends_when_it_expires(acme, program, reader):
    used = program(reader, expires=timezone.now() + timedelta(minutes=1))
    assert used.call("GET", "/me").status_code == 200
    with within(acme):
        Token.objects.update(expires=timezone.now())
    answer = used.call("GET", "/me")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_it_ends_with_its_member_and_stays_ended(acme, program, owner, reader):
    used = program(reader)
    with within(acme):
        deactivate(actor=owner, member=reader)
    assert used.call("GET", "/me").status_code == 401
    with within(acme):
        reactivate(actor=owner, member=reader)
    assert used.call("GET", "/me").status_code == 401


def test_removed_member_leaves_no_token(acme, token_of, owner, reader):
    token_of(reader)
    with within(acme):
        remove(actor=owner, member=reader)
        assert not Token.objects.exists()


def test_role_is_the_one_of_today(acme, program, admin):
    used = program(admin)
    assert used.call("GET", "/members").status_code == 200
    with within(acme):
        User.objects.filter(pk=admin.pk).update(role="reader")
    assert used.call("GET", "/members").status_code == 403


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        (["people:read"], "/people", 200),
        (["people:read"], "/members", 403),
        (["members:write"], "/members", 200),
        (["read"], "/members", 200),
        (["profile:write"], "/people", 403),
        (["organisation:read"], "/me", 200),
    ],
)
def test_it_reaches_as_far_as_its_scopes(program, owner, scopes, path, status):
    answer = program(owner, *scopes).call("GET", path)
    assert answer.status_code == status
    assert status == 200 or answer.told["code"] == "scope"


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        ("203.0.113.0/24", "203.0.113.9", 200),
        ("203.0.113.0/24", "203.0.114.9", 403),
        ("2001:db8:7::/48", "2001:db8:7:1::9", 200),
        ("2001:db8:7::/48", "2001:db8:8::9", 403),
        ("203.0.113.0/24", "2001:db8::1", 403),
        ("203.0.113.0/24", "::ffff:203.0.113.9", 200),
    ],
)
def test_it_works_from_the_allowed_addresses(program, reader, networks, address, status):
    used = program(reader, networks=networks)
    assert used.get("/api/v1/me", REMOTE_ADDR=address).status_code == status


def test_last_use_is_written_once_a_day(acme, program, reader, django_assert_num_queries):
    used = program(reader)
    used.get("/api/v1/me", REMOTE_ADDR="203.0.113.9")
    used.get("/api/v1/me", REMOTE_ADDR="198.51.100.1")
    with within(acme):
        token = Token.objects.get()
        assert (token.used, token.used_from) == (timezone.now().date(), "203.0.113.0/24")


def test_limit_counts_for_the_token_alone(program, reader, editor, settings):
    settings.API_RATE = (2, 60)
    first, second = program(reader), program(editor)
    assert [first.call("GET", "/me")["RateLimit"][:12] for _ in range(2)] == ['"token";r=1;', '"token";r=0;']
    refused = first.call("GET", "/me")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Policy"] == '"token";q=2;w=60'
    assert refused.told["title"] == "Too Many Requests"
    assert second.call("GET", "/me").status_code == 200


def test_service_acts_in_its_own_name(acme, owner):
    with within(acme):
        _token, text = changes.issue_service(actor=owner, role="admin", wishes=Wishes("Payroll", ["write"]))
    used = Program(acme, text)
    me = used.call("GET", "/me").told
    assert (me["person"]["name"], me["person"]["role"], me["token"]["is_service"]) == ("Payroll", "admin", True)
    assert (
        used.call("POST", "/invitations", {"email": "new@acme.example"}).told["invited_by"] == me["person"]["username"]
    )


@pytest.mark.parametrize(("who", "role"), [("owner", "owner"), ("editor", "reader"), ("reader", "reader")])
def test_service_is_no_owner_and_no_readers_work(acme, request, who, role):
    with within(acme), pytest.raises(PermissionDenied):
        actor = request.getfixturevalue(who)
        changes.issue_service(actor=actor, role=role, wishes=Wishes("Payroll", ["write"]))


def test_service_is_made_no_owner_later(acme, owner):
    """An organisation whose only owner cannot sign in would be lost."""
    with within(acme):
        token, _text = changes.issue_service(actor=owner, role="admin", wishes=Wishes("Payroll", ["write"]))
        with pytest.raises(ValidationError, match="service"):
            change_role(actor=owner, member=token.user, role="owner")
        change_role(actor=owner, member=token.user, role="reader")
        assert User.objects.get(pk=token.user_id).role == "reader"


def test_service_goes_with_its_token(acme, owner):
    with within(acme):
        token, _text = changes.issue_service(actor=owner, role="admin", wishes=Wishes("Payroll", ["write"]))
        changes.revoke(actor=owner, token=token)
        assert not User.objects.filter(first_name="Payroll").exists()


def test_admin_cannot_revoke_an_owners(acme, owner, admin, token_of):
    token_of(owner)
    with within(acme), pytest.raises(PermissionDenied):
        changes.revoke(actor=admin, token=Token.objects.select_related("user").get())


def test_owner_ends_all_and_services_can_be_given_another(acme, owner, admin, program):
    used = program(admin)
    with within(acme):
        token, text = changes.issue_service(actor=owner, role="reader", wishes=Wishes("Payroll", ["read"]))
        assert changes.revoke_all(actor=owner) == 2
        assert changes.revoke_all(actor=owner) == 0
    assert [each.call("GET", "/me").status_code for each in (used, Program(acme, text))] == [401, 401]
    with within(acme):
        renewed = changes.renew(actor=owner, token=token)
    assert Program(acme, renewed).call("GET", "/me").status_code == 200
    with within(acme), pytest.raises(PermissionDenied):
        changes.revoke_all(actor=admin)


def test_policy_stops_personal_tokens_and_no_services(acme, owner, reader, program):
    used = program(reader)
    with within(acme):
        _token, text = changes.issue_service(actor=owner, role="reader", wishes=Wishes("Payroll", ["read"]))
        TokenPolicy.objects.create(members_make_tokens=False)
    assert used.call("GET", "/me").status_code == 401
    assert Program(acme, text).call("GET", "/me").status_code == 200


def test_double_click_makes_one(acme, reader, program):
    first, second = program(reader), program(reader)
    assert [each.call("GET", "/me").status_code for each in (first, second)] == [401, 200]


def test_night_deletes_what_is_over(acme, reader, owner, token_of):
    token_of(reader)
    long_ago = timezone.now() - timedelta(days=31)
    with within(acme):
        kept = Token.objects.create(
            user=owner, name="Still shown", scope="read", expires=timezone.now() - timedelta(days=29)
        )
        Token.objects.exclude(pk=kept.pk).update(expires=long_ago)
        Answer.objects.create(key=UUID(int=0), created=timezone.now() - timedelta(hours=25))
        fresh = Answer.objects.create(key=UUID(int=1))
        nightly.forget_answers()
        nightly.delete_expired_tokens()
        assert list(Token.objects.all()) == [kept]
        assert list(Answer.objects.all()) == [fresh]
