"""notify(): who is told, what is stored of it, and that a member's notices are never too many."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.invitations import changes as invitations
from profiles.members.changes import change_role
from profiles.models import Invitation, User
from profiles.notices import keeping
from profiles.notices.models import Notice, Preference
from profiles.notices.ways import due, next_morning
from profiles.testing import PASSWORD
from profiles.testing.jobs import queued_jobs
from tenants.context import within
from tenants.notices import notify
from tests.profiles.notices.planted import plant, stored


def test_member_is_told_of_a_new_role_and_the_owner_who_changed_it_is_not(acme, owner, reader):
    with within(acme):
        change_role(actor=owner, member=reader, role="editor")
    [notice] = stored(acme)
    assert (notice.to, notice.kind, notice.words) == (
        reader,
        "member.role_changed",
        {"by": "Olga Owner", "role": "editor"},
    )
    with within(acme):
        assert notice.sentence == "Olga Owner changed your role to Editor"


def test_invited_person_is_welcomed_and_the_inviter_hears_of_it(acme, admin):
    with within(acme):
        invitation = Invitation.objects.create(email="nora@new.example", invited_by=admin)
        nora = invitations.accept(token=invitation.token, name="Nora New", username="nora", password=PASSWORD)
        welcome, joined = Notice.objects.order_by("pk")
        assert (welcome.to, welcome.sentence[:16], welcome.due) == (nora, "Welcome to Acme.", None)
        assert (joined.to, joined.sentence) == (admin, "Nora New accepted your invitation")


def test_a_right_names_those_who_have_it(acme, globex, owner, admin, gone):
    with within(acme):
        User.objects.filter(pk=gone.pk).update(role="owner")
        notify("manage_members", "member.joined", owner.profile, by=owner)
    assert [notice.to for notice in stored(acme)] == [admin]
    assert stored(globex) == []


def test_nothing_is_told_if_the_change_is_undone(acme, reader):
    before = len(queued_jobs())
    with within(acme), pytest.raises(ZeroDivisionError), transaction.atomic():
        notify(reader, "member.role_changed", reader, by=reader, role="editor")
        notify(reader, "member.role_changed", reader, by=User(first_name="Olga"), role="editor")
        raise ZeroDivisionError
    assert stored(acme) == []
    assert len(queued_jobs()) == before


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("reader", "member.promoted"), LookupError),
        (("rule_the_world", "member.joined"), LookupError),
        (("reader", "member.role_changed"), LookupError),  # no role
        (("reader", "member.joined"), TypeError),  # nothing that it leads to
    ],
)
def test_a_mistake_is_an_error_at_once(acme, reader, arguments, error):
    people, kind = arguments
    with within(acme), pytest.raises(error):
        notify(reader if people == "reader" else people, kind)
    assert stored(acme) == []


def test_who_wants_none_of_a_kind_gets_none(acme, editor, reader):
    with within(acme):
        Preference.objects.create(member=editor, kind="member.role_changed", shown=False, mail="never")
        Preference.objects.create(member=reader, kind="member.joined", shown=False, mail="never")
        notify([editor, reader], "member.role_changed", role="admin", by=User(first_name="Olga"))
    assert [notice.to for notice in stored(acme)] == [reader]


def test_a_member_keeps_the_newest_only(acme, editor, reader, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 3)
    old = plant(acme, reader, 3)
    others = plant(acme, editor, 3)
    with within(acme):
        notify(reader, "member.role_changed", role="admin", by=editor)
    left = [notice.pk for notice in stored(acme, to=reader)]
    assert left[:2] == [notice.pk for notice in old[1:]]
    assert len(left) == 3
    assert stored(acme, to=editor) == others


def test_many_are_told_in_few_statements(acme):
    with within(acme):
        made = [User(username=f"m{n}", email=f"m{n}@crowd.example", date_joined=timezone.now()) for n in range(250)]
        User.objects.bulk_create(made)
        for size in (1, 250):
            crowd = User.objects.filter(email__endswith="@crowd.example").order_by("pk")[:size]
            with CaptureQueriesContext(connection) as captured:
                notify(crowd, "member.welcome", organisation="Acme")
            # The people, their choices, the notices and their bound.
            assert len(captured) == 4
    assert len(stored(acme)) == 251


@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("UTC", "2026-11-27T07:59:00+00:00", "2026-11-27T08:00:00+00:00"),
        ("UTC", "2026-11-27T08:00:00+00:00", "2026-11-28T08:00:00+00:00"),
        ("Pacific/Auckland", "2026-11-27T20:00:00+00:00", "2026-11-28T19:00:00+00:00"),
        ("America/New_York", "2026-03-08T00:30:00+00:00", "2026-03-08T12:00:00+00:00"),  # summer time begins
        ("Nowhere/AtAll", "2026-11-27T07:59:00+00:00", "2026-11-27T08:00:00+00:00"),
    ],
)
def test_morning_is_at_eight_where_the_member_is(zone, now, morning):
    assert next_morning(zone, datetime.fromisoformat(now)).astimezone(UTC) == datetime.fromisoformat(morning)


def test_soon_is_after_five_minutes_and_on_the_minute():
    now = datetime(2026, 11, 27, 9, 30, 59, tzinfo=UTC)
    assert due("soon", "", now) == datetime(2026, 11, 27, 9, 36, tzinfo=UTC)
    assert due("never", "", now) is None
