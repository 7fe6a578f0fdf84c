"""Announcements: who sees them, where, for how long, and who makes them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.announcements.models import Announcement
from profiles.announcements.testing.pages import WRITTEN
from profiles.audit.models import Entry
from profiles.testing import SiteClient, person
from tenants.context import public, within
from tenants.serving import hosts

NEW = "/console/announcements/new/"


def sees(browser: SiteClient, text: str = "Maintenance tonight", path: str = "/") -> bool:
    hosts.clear()  # as after some seconds
    return text in browser.get(path).content.decode()


def given(**more: object) -> dict[str, object]:
    return WRITTEN | {"starts": (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")} | more


def test_all_members_of_all_organisations_see_it_on_every_page(operator, as_user, reader, visitor):
    assert operator.post(NEW, given()).status_code == 302
    member = as_user(reader)
    assert all(sees(member, path=path) for path in ("/", "/people/", "/account/preferences/", "/nowhere/"))
    assert sees(operator)
    assert not sees(visitor, path="/account/login/")


def test_it_can_be_for_some_organisations_and_for_some_roles(operator, acme, globex, as_user, reader, admin, owner):
    operator.post(NEW, given(slugs="acme", audience="managers"))
    assert not sees(as_user(reader))
    assert sees(as_user(admin))
    assert not sees(operator)
    operator.post(NEW, given(audience="owners", text="For owners"))
    assert not sees(as_user(admin), "For owners")
    assert sees(as_user(owner), "For owners")
    refused = operator.post(NEW, given(slugs="acme, nowhere"))
    assert "There is no organisation nowhere." in refused.content.decode()


def test_it_is_shown_in_its_time_and_ended(operator, as_user, reader):
    operator.post(NEW, given(starts="2099-01-01T00:00", text="Planned"))
    assert not sees(as_user(reader), "Planned")
    operator.post(NEW, given())
    with public():
        made = Announcement.objects.get(text="Maintenance tonight")
    operator.post(f"/console/announcements/{made.pk}/", given(text="Maintenance at noon"))
    assert sees(as_user(reader), "Maintenance at noon")
    operator.post(f"/console/announcements/{made.pk}/end/")
    assert not sees(as_user(reader), "Maintenance at noon")
    operator.post(f"/console/announcements/{made.pk}/end/")
    with within(operator.tenant):
        assert Entry.objects.filter(kind="console.announcement_ended").count() == 1
    assert "end after it starts" in operator.post(NEW, given(starts="2100-01-01T00:00")).content.decode()
    over = {"starts": "2020-01-01T00:00", "ends": "2020-01-02T00:00"}
    assert "This time has passed" in operator.post(NEW, given(**over)).content.decode()


def test_what_was_for_one_organisation_that_is_gone_is_not_for_all(operator, acme, as_user, reader):
    gone = 10**9
    with public():
        made = Announcement.objects.create(
            text="For one", organisations=[gone], starts=timezone.now(), ends=timezone.now() + timedelta(hours=1)
        )
    assert operator.post(f"/console/announcements/{made.pk}/", given(text="For one", slugs="")).status_code == 302
    assert not sees(as_user(reader), "For one")
    operator.post(f"/console/announcements/{made.pk}/", given(text="For one", slugs="acme"))
    assert sees(as_user(reader), "For one")


def test_what_is_long_over_goes_with_the_next_one(operator):
    year, later = timedelta(days=366), timedelta(days=364)
    with public():
        for ago in (year, later):
            end = timezone.now() - ago
            Announcement.objects.create(text=f"{ago.days}", starts=end - timedelta(days=1), ends=end)
    operator.post(NEW, given())
    with public():
        assert set(Announcement.objects.values_list("text", flat=True)) == {"364", "Maintenance tonight"}


def test_a_member_closes_it_in_this_browser(operator, as_user, reader, editor):
    operator.post(NEW, given())
    operator.post(NEW, given(text="Stays", can_be_dismissed="on"))
    with public():
        first, second = Announcement.objects.order_by("pk").values_list("pk", flat=True)
    member = as_user(reader)
    page = f"http://{member.defaults['SERVER_NAME']}/people/"
    back = member.post(f"/announcements/{second}/close/", headers={"referer": page})
    assert back["Location"] == "/people/"
    assert sees(member)
    assert not sees(member, "Stays")
    assert sees(as_user(editor), "Stays")
    member.cookies["closed_announcements"] = f"{first}.x.²."
    assert not sees(member)
    assert sees(member, "Stays")


def test_no_page_asks_the_database_for_them(operator, as_user, reader):
    member = as_user(reader)

    def number() -> int:
        member.get("/people/")
        with CaptureQueriesContext(connection) as captured:
            member.get("/people/")
        return len(captured)

    without = number()
    operator.post(NEW, given())
    assert sees(member)
    assert number() == without


def test_none_ends_before_it_starts(db):
    with pytest.raises(IntegrityError), public(), transaction.atomic():
        Announcement.objects.create(text="Backwards", starts=timezone.now(), ends=timezone.now() - timedelta(days=1))


def test_editors_announce_and_readers_do_not(staff):
    editor = SiteClient(staff).sign_in(person(staff, "editor"))
    assert editor.post(NEW, given()).status_code == 302
    reader = SiteClient(staff).sign_in(person(staff, "reader"))
    assert reader.post(NEW, given()).status_code == 403
    assert "New announcement" not in reader.get("/console/announcements/").content.decode()
