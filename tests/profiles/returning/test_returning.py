"""Rita is removed by mistake, or comes back after a few weeks: with her profile, if an owner or admin says so."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from profiles.invitations.changes import accept, invite
from profiles.members import changes as members
from profiles.models import Invitation, Profile, User
from profiles.returning import changes
from profiles.returning.models import Former
from profiles.returning.nightly import end_former_members
from profiles.testing import PASSWORD, needs
from tenants.context import within
from tenants.models import Tenant

URL = "/members/former/"


@pytest.fixture
def removed(acme: Tenant, owner: User, reader: User) -> Former:
    """Rita had filled in her profile, and has been removed."""
    with within(acme):
        profile = Profile.objects.get(user=reader)
        profile.bio, profile.location = "I grow\nrockets.", "Copenhagen"
        profile.phone = "+4530901820"  # type: ignore[assignment]  # what is set is read
        profile.birth_date, profile.time_zone, profile.location_seen_by = date(1990, 3, 14), "Europe/Rome", "managers"
        profile.save()
        members.remove(actor=owner, member=reader)
        return Former.objects.get()


def join(acme: Tenant, email: str, username: str) -> Profile:
    with within(acme):
        token = Invitation.objects.get(email=email).token
        member = accept(token=token, name="Rita Reader", username=username, password=PASSWORD)
        return Profile.objects.get(user=member)


def test_she_is_invited_back_and_has_her_profile_again(
    acme: Tenant, removed: Former, admin: User, as_user: Any
) -> None:
    browser = as_user(admin)
    assert "Rita Reader" in browser.get(URL).content.decode()
    page = browser.post(f"{URL}{removed.pk}/invite/", follow=True).content.decode()
    assert "You invited reader@acme.example." in page
    profile = join(acme, "reader@acme.example", "reader")
    assert (profile.bio, profile.location, str(profile.phone.as_e164)) == (
        "I grow\nrockets.",
        "Copenhagen",
        "+4530901820",
    )
    assert (profile.birth_date, profile.time_zone) == (date(1990, 3, 14), "Europe/Rome")
    assert profile.location_seen_by == "managers"
    assert not profile.photo
    assert "No former members" in browser.get(URL).content.decode()
    with within(acme):
        assert User.objects.get(username="reader").place == "", "The list does not show what is hidden."


def test_a_field_that_is_newer_than_what_was_kept_stays_as_it_is(acme: Tenant, removed: Former, owner: User) -> None:
    with within(acme):
        del removed.profile["phone"], removed.profile["phone_seen_by"]
        removed.save()
        changes.invite_back(actor=owner, former=removed)
    profile = join(acme, "reader@acme.example", "reader")
    assert (profile.location, profile.phone_seen_by) == ("Copenhagen", Profile().phone_seen_by)


def test_what_is_no_longer_valid_is_left_out(acme: Tenant, removed: Former, owner: User) -> None:
    """A release or a new list of time zones may know less than the one before."""
    with within(acme):
        removed.profile |= {
            "time_zone": "Mars/Olympus",
            "birth_date": "soon",
            "phone": "1",
            "phone_seen_by": "martians",
        }
        removed.save()
        changes.invite_back(actor=owner, former=removed)
    profile, new = join(acme, "reader@acme.example", "reader"), Profile()
    assert (profile.location, profile.location_seen_by) == ("Copenhagen", "managers")
    assert (profile.time_zone, profile.birth_date, profile.phone, profile.phone_seen_by) == (
        new.time_zone,
        new.birth_date,
        new.phone,
        new.phone_seen_by,
    )


def test_her_address_and_username_are_free_and_another_one_gets_nothing_of_hers(
    acme: Tenant, removed: Former, owner: User, admin: User
) -> None:
    with within(acme):
        User.objects.create_user("reader", "another@acme.example", PASSWORD)
        for email in ("reader@acme.example", "thief@acme.example"):
            invite(
                actor=owner,
                email=email,
                role="reader",
                added={} if "reader" in email else {"former_profile": str(removed.pk)},
            )
    assert join(acme, "reader@acme.example", "rita").bio == "", "She was not invited back with her profile."
    assert join(acme, "thief@acme.example", "thief").bio == ""


def test_it_ends_after_thirty_days_or_when_a_manager_says_so(
    acme: Tenant, removed: Former, admin: User, as_user: Any
) -> None:
    with within(acme):
        changes.invite_back(actor=admin, former=removed)
        Former.objects.update(removed=timezone.now() - timedelta(days=31))
    browser = as_user(admin)
    assert "Rita Reader" not in browser.get(URL).content.decode()
    assert browser.post(f"{URL}{removed.pk}/invite/").status_code == 404
    assert join(acme, "reader@acme.example", "reader").bio == ""
    with within(acme):
        assert end_former_members() == 1
        Former.objects.create(email="left@acme.example", name="Lena", role="reader")
        again = Former.objects.get()
    browser.post(f"{URL}{again.pk}/forget/")
    with within(acme):
        assert not Former.objects.exists()


def test_who_leaves_is_not_kept_nor_anyone_where_the_setting_is_0(
    acme: Tenant, owner: User, reader: User, editor: User, settings: Any, as_user: Any
) -> None:
    assert "For 30 days we keep a copy" in as_user(owner).get("/members/editor/remove/").content.decode()
    with within(acme):
        Former.objects.create(email=reader.email, name="Rita of long ago", role="reader")
        members.leave(member=reader)
        assert not Former.objects.exists()
        settings.FORMER_PROFILES_KEPT_DAYS = 0
        members.remove(actor=owner, member=editor)
        assert not Former.objects.exists()
    assert "we keep a copy" not in as_user(owner).get("/members/admin/remove/").content.decode()


@needs("profiles.bulk_actions")
def test_those_who_are_removed_together_are_kept_too_and_the_former_owner_comes_back_as_a_reader(
    acme: Tenant, owner: User, admin: User, editor: User, reader: User
) -> None:
    from profiles.bulk_actions.members import REMOVE

    with within(acme):
        REMOVE.do(actor=owner, rows=[editor.pk, reader.pk], values={})
        assert set(Former.objects.values_list("role", flat=True)) == {"editor", "reader"}
        Former.objects.filter(role="editor").update(role="owner")
        changes.invite_back(actor=admin, former=Former.objects.get(role="owner"))
        assert Invitation.objects.get(email=editor.email).role == "reader"
