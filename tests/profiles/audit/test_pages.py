"""The pages of the audit log: who reads it, what it is narrowed down by, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.audit.models import Entry, by, of_kind, touching
from profiles.members import changes
from profiles.models import User
from profiles.testing import PASSWORD, SiteClient, needs
from tenants.context import within
from tenants.events import emit
from tenants.models import Tenant

LOG = "/settings/activity/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"


def entries(number: int, **values: Any) -> list[Entry]:
    """As many sign-ins, a minute apart, the newest now."""
    now = timezone.now()
    defaults = {"kind": "session.started", "actor": "member", "actor_name": "Rita Reader", "actor_id": 999}
    made = [Entry(**defaults | values, at=now - timedelta(minutes=each)) for each in range(number)]
    for entry in made:
        entry.terms = [of_kind(entry.kind), by(entry.actor_id), touching("profiles.user", entry.actor_id)]
    return Entry.objects.bulk_create(made)


@pytest.fixture
def done(acme: Tenant, owner: User, editor: User, reader: User) -> None:
    """The owner has made the reader an editor, and removed the editor."""
    with within(acme):
        changes.change_role(actor=owner, member=reader, role="editor")
        changes.remove(actor=owner, member=editor)


@pytest.mark.usefixtures("done")
def test_owner_reads_who_did_what_to_whom(owner: User, as_user: Any) -> None:
    html = as_user(owner).get(LOG).content.decode()
    for words in ("Role changed", "Role: from <bdi>Reader</bdi> to <bdi>Editor</bdi>", "Member removed", "Edda Editor"):
        assert words in html


@needs("profiles.plans")
def test_what_no_model_has_is_in_words_too(acme: Tenant, owner: User, as_user: Any) -> None:
    until = "2026-11-30T23:59:59.999999+00:00"
    changes: Any = {
        "plan": ("standard", "team"),
        "until": ("", until),
        "exceptions": ({}, {"seats": 40, "domains": None}),
    }
    with within(acme):
        emit("organisation.plan_changed", acme, **changes)
        User.objects.filter(pk=owner.pk).update(language="de")
    german = as_user(owner).get(LOG).content.decode()
    for words in ("Tarif: von <bdi>Standard</bdi> zu <bdi>Team</bdi>", "30. November 2026", "Plätze: 40, "):
        assert words in german


@needs("profiles.custom_fields")
def test_a_field_of_the_organisation_has_its_name(acme: Tenant, reader: User, owner: User, as_user: Any) -> None:
    from profiles.custom_fields.changes import define, fill_in, tell
    from profiles.custom_fields.models import Field

    with within(acme):
        define(actor=owner, field=Field(label="Badge number"))
        tell(reader, reader.profile, fill_in(actor=reader, profile=reader.profile, values={"badge_number": "7"}))
    html = as_user(owner).get(LOG).content.decode()
    assert '<div class="small quiet">Badge number</div>' in html
    assert ">badge_number" not in html


def test_a_change_that_no_one_could_read_is_refused_in_development(acme: Tenant, reader: User) -> None:
    unreadable: list[dict[str, Any]] = [{"shoe": ("a", "b")}, {"reason": ({}, {"a": 1})}]
    for each in unreadable:
        with within(acme), pytest.raises(LookupError, match="audit_fields"):
            emit("member.role_changed", reader, **each)


def test_values_of_any_kind_are_shown(acme: Tenant, owner: User, as_user: Any) -> None:
    agreed, until = {"seats": 12, "domains": None}, "2026-11-30T12:20:07.527883+00:00"
    changes = {"agreed": [{}, agreed], "tags": [None, ["red", "blue"]], "mails": [None, False], "seen_on": ["", until]}
    with within(acme):
        Entry.objects.bulk_create([Entry(kind="gone.app", actor="system", changes=changes, terms=[])])
    html = as_user(owner).get(LOG).content.decode()
    for words in (
        "Agreed: <bdi>seats: 12, domains: –</bdi>",
        "Tags: <bdi>red, blue</bdi>",
        "Mails: <bdi>No</bdi>",
        "Seen on: <bdi>30/11/2026, 12:20</bdi>",
    ):
        assert words in html


@pytest.mark.usefixtures("done")
def test_it_is_read_in_the_readers_language(acme: Tenant, owner: User, as_user: Any) -> None:
    with within(acme):
        User.objects.filter(pk=owner.pk).update(language="de")
    html = as_user(owner).get(LOG).content.decode()
    assert "Rolle geändert" in html
    assert "Rolle: von <bdi>" in html


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=member.removed", {"member.removed"}),
        ("q=rita", {"member.role_changed"}),
        ("q=owner@acme.example", {"member.role_changed", "member.removed"}),
        ("q=zzzz", set()),
        ("since=2999-01-01", set()),
        ("until=2020-01-01", set()),
        ("since=2020-01-01&until=2999-01-01", {"member.role_changed", "member.removed"}),
        ("since=0001-01-01&until=9999-12-31", {"member.role_changed", "member.removed"}),
        ("kind=nothing&since=never&until=&term=", {"member.role_changed", "member.removed"}),
    ],
)
def test_it_is_narrowed_down(acme: Tenant, owner: User, query: str, shown: set[str]) -> None:
    with within(acme):
        newest = Entry.objects.latest("pk").pk
    browser = SiteClient(acme).sign_in(owner)  # which is an entry, too
    rows = browser.get(f"{LOG}?{query}").context["rows"]
    assert {row.entry.kind for row in rows if row.entry.pk <= newest and row.entry.kind.startswith("member")} == shown


@pytest.mark.usefixtures("done")
def test_what_happened_to_somebody_removed_is_found_by_the_link(owner: User, editor: User, as_user: Any) -> None:
    rows = as_user(owner).get(LOG, {"term": touching("profiles.user", editor.pk)}).context["rows"]
    assert [row.entry.kind for row in rows] == ["member.removed"]


def test_pages_follow_each_other(acme: Tenant, owner: User, as_user: Any) -> None:
    with within(acme):
        entries(120)
    browser, seen, query = as_user(owner), [], {"term": by(999)}
    while True:
        page = browser.get(LOG, query).context["page"]
        seen += [entry.pk for entry in page.rows]
        if not page.after:
            break
        query["after"] = page.after
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen)  # the newest was made first


@pytest.mark.parametrize("path", [LOG, f"{LOG}?q=rita&kind=session.started&since=2020-01-01"])
def test_it_costs_the_same_with_one_entry_and_with_many(acme: Tenant, owner: User, as_user: Any, path: str) -> None:
    numbers = []
    for number in (1, 120):
        with within(acme):
            entries(number)
        browser = as_user(owner)
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            browser.get(path)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 5


def test_each_filter_is_answered_from_an_index(acme: Tenant) -> None:
    with within(acme):
        entries(2000)
        entries(20, actor_id=7, kind="member.removed")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        now = timezone.now()
        for rows in (
            Entry.objects.all(),
            Entry.objects.having(by(7)),
            Entry.objects.having(of_kind("member.removed"), touching("profiles.user", 7)),
            Entry.objects.concerning([7]),
            Entry.objects.filter(at__gte=now, at__lt=now),
        ):
            assert "Seq Scan" not in rows[:51].explain(), rows.query


def test_members_see_their_own_sign_ins_and_no_one_elses(acme: Tenant, reader: User, editor: User) -> None:
    for who, name in ((reader, FIREFOX), (editor, SAFARI)):
        client = SiteClient(acme, HTTP_USER_AGENT=name)
        client.post("/account/login/", {"login": who.username, "password": PASSWORD})
    html = SiteClient(acme).sign_in(reader).get("/account/sign-ins/").content.decode()
    assert "Firefox" in html
    assert "Safari" not in html


def test_members_see_who_tried_to_sign_in_as_them_and_the_log_keeps_no_password(
    acme: Tenant, reader: User, owner: User, as_user: Any
) -> None:
    stranger = SiteClient(acme, HTTP_USER_AGENT=SAFARI)
    for login, password in (("Reader", "a wrong one"), ("hunter2-typed-as-name", "reader")):
        stranger.post("/account/login/", {"login": login, "password": password})
    html = as_user(reader).get("/account/sign-ins/").content.decode()
    assert html.count("Sign-in failed") == 1
    assert html.count("Safari") == 1
    html = as_user(owner).get(LOG, {"kind": "session.refused"}).content.decode()
    assert html.count('<td data-label="Action"><div>\n    <div>Sign-in failed') == 2
    assert "hunter2" not in html


def test_failed_sign_ins_of_a_flood_are_not_all_kept(acme: Tenant, settings: Any) -> None:
    settings.LIMITS = settings.LIMITS | {"refused_sign_in": {"organisation": (2, 3600)}}
    for name in ("one", "two", "three"):
        SiteClient(acme).post("/account/login/", {"login": name, "password": "a wrong one"})
    with within(acme):
        assert Entry.objects.filter(kind="session.refused").count() == 2


@pytest.mark.usefixtures("done")
def test_a_persons_page_leads_to_what_they_did_and_what_was_done_to_them(
    owner: User, reader: User, admin: User, as_user: Any
) -> None:
    browser = as_user(owner)
    assert f"{LOG}?member={reader.pk}" in browser.get("/people/reader/").content.decode()
    rows = browser.get(LOG, {"member": reader.pk}).context["rows"]
    assert {row.entry.kind for row in rows} == {"member.role_changed"}
    assert len(browser.get(LOG, {"member": "x"}).context["rows"]) > 1
    own = as_user(reader)
    assert "/account/sign-ins/" in own.get("/people/reader/").content.decode()
    html = own.get("/people/admin/").content.decode()
    assert "audit" not in html
    assert "Entries in the activity log" not in html


def test_what_people_call_themselves_stays_text(acme: Tenant, owner: User, reader: User, as_user: Any) -> None:
    with within(acme):
        User.objects.filter(pk=reader.pk).update(first_name="<b>Rita</b>")
        reader.refresh_from_db()
        emit("profile.changed", reader, by=reader, first_name=("<i>", "</td>"))
    html = as_user(owner).get(LOG).content.decode()
    assert "&lt;b&gt;Rita" in html
    assert "<b>Rita" not in html
    assert "<i>" not in html


def test_of_an_app_that_was_taken_out_the_kind_is_read(acme: Tenant, owner: User, as_user: Any) -> None:
    with within(acme):
        entries(1, kind="notes.burned", about=[{"type": "notes.note", "id": "1", "name": "Old"}], changes={"a": [1, 2]})
    assert "notes.burned" in as_user(owner).get(LOG).content.decode()
