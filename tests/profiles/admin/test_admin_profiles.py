"""Profiles in Django's admin: everyone's to read, one's own to change."""

from profiles.models import Profile
from tenants.context import within
from tests.profiles.admin.forged import PROFILES, change


def test_the_owner_of_a_profile_changes_it_here_too(acme, admin, as_user):
    data = {
        "bio": "I administer.",
        "location": "Aarhus",
        "time_zone": "Europe/Copenhagen",
        "birth_date": "1990-01-01",
    }
    assert as_user(admin).post(change(PROFILES, profile_of(acme, admin)), data).status_code == 302
    profile = profile_of(acme, admin)
    assert (profile.bio, profile.location, profile.time_zone) == (
        "I administer.",
        "Aarhus",
        "Europe/Copenhagen",
    )


def test_and_no_one_else_not_even_who_once_had_the_permission(acme, owner, admin, as_user):
    profile = profile_of(acme, admin)
    assert as_user(owner).post(change(PROFILES, profile), {"bio": "x", "time_zone": "UTC"}).status_code == 403
    assert profile_of(acme, admin).bio == ""


def test_the_users_profile_cannot_be_given_away(acme, admin, reader, as_user):
    data = {"user": reader.pk, "bio": "mine", "time_zone": "UTC"}
    as_user(admin).post(change(PROFILES, profile_of(acme, admin)), data)
    assert profile_of(acme, admin).bio == "mine"
    assert profile_of(acme, reader).bio == ""


def test_the_rules_of_a_profile_hold_here_too(acme, admin, as_user):
    data = {"birth_date": "2999-01-01", "phone": "12", "time_zone": "Mars/Olympus"}
    response = as_user(admin).post(change(PROFILES, profile_of(acme, admin)), data)
    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {"birth_date", "phone", "time_zone"}


def profile_of(tenant, user):
    with within(tenant):
        return Profile.objects.get(user_id=user.pk)
