"""Members: the list, and what owners and admins do to others."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage

from profiles.members import changes
from profiles.models import HandOff, Invitation, Profile, User
from profiles.pictures.keeping import keep_pictures
from profiles.roles import Role
from profiles.testing import PASSWORD, SiteClient, person
from tenants.context import within

ACTIONS = ["role", "deactivate", "reactivate", "remove"]


def roles_of(tenant):
    with within(tenant):
        return dict(User.objects.values_list("username", "role"))


def sign_in_by_password(tenant, username):
    client = SiteClient(tenant)
    assert client.post("/account/login/", {"login": username, "password": PASSWORD}).status_code == 302
    assert client.get("/people/").status_code == 200
    return client


# The list


def test_owner_sees_everybody_with_role_and_state(as_user, owner):
    page = as_user(owner).get("/members/").content.decode()
    for name in ("Olga Owner", "Adam Admin", "Edda Editor", "Rita Reader", "Gregor Gone"):
        assert name in page
    assert page.count("Deactivated</span>") == 1
    assert "globex" not in page


def test_list_offers_an_admin_nothing_about_owners_and_themselves(as_user, admin):
    page = as_user(admin).get("/members/").content.decode()
    assert "/members/editor/role/" in page
    assert "/members/gone/reactivate/" in page
    assert "/members/gone/deactivate/" not in page
    assert "/members/owner/" not in page
    assert "/members/admin/" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rita", {"reader"}),
        ("q=EDITOR@acme", {"editor"}),
        ("q=adam+admin", {"admin"}),
        ("role=reader", {"reader", "gone"}),
        ("role=reader&state=active", {"reader"}),
        ("state=deactivated", {"gone"}),
        ("q=globex", set()),
        ("q=%00rita", {"reader"}),
        ("role=emperor&q=rita", {"reader"}),
        ("after=~99999999999999999999&q=rita", {"reader"}),
        ("before=x&q=rita", {"reader"}),
    ],
)
def test_search_and_filters(as_user, owner, query, found):
    response = as_user(owner).get(f"/members/?{query}")
    assert response.status_code == 200
    assert {member.username for member, _ in response.context["rows"]} == found


def test_list_has_pages_of_fifty(acme, as_user, owner):
    with within(acme):
        User.objects.bulk_create(User(username=f"extra{number}") for number in range(50))
    client = as_user(owner)
    first = client.get("/members/")
    assert len(first.context["rows"]) == 50
    assert len(client.get("/members/", {"after": first.context["page"].after}).context["rows"]) == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_long(acme, as_user, owner, rows, django_assert_num_queries):
    with within(acme):
        for number in range(rows):
            User.objects.create_user(f"row{number}")
    client = as_user(owner)
    client.get("/members/")
    with django_assert_num_queries(3):
        assert len(client.get("/members/?q=row").context["rows"]) == rows


@pytest.mark.parametrize("path", ["", "invitations/", *(f"gone/{action}/" for action in ACTIONS)])
def test_only_owner_and_admin_come_in(as_user, editor, reader, visitor, stranger, globex, path):
    for member in (editor, reader):
        assert as_user(member).get(f"/members/{path}").status_code == 403
        assert as_user(member).post(f"/members/{path}").status_code == 403
    elsewhere = SiteClient(globex).sign_in(stranger)
    visitor.cookies = elsewhere.cookies
    response = visitor.get(f"/members/{path}")
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("username", ["nobody", "a%00b", "owner@globex.example"])
def test_unknown_name_is_not_found(as_user, owner, action, username):
    assert as_user(owner).get(f"/members/{username}/{action}/").status_code == 404


# What is done to others


def test_owner_changes_a_role(acme, as_user, owner, reader):
    client = as_user(owner).give_password()
    assert client.get("/members/reader/role/").status_code == 200
    response = client.post("/members/reader/role/", {"role": "owner"}, follow=True)
    assert "Rita Reader now has the role Owner." in response.content.decode()
    assert roles_of(acme)["reader"] == "owner"


def test_looking_at_a_confirm_page_changes_nothing(acme, globex, as_user, owner):
    for action in ACTIONS:
        assert as_user(owner).get(f"/members/reader/{action}/").status_code == 200
    assert roles_of(acme) == roles_of(globex)
    assert person(acme, "reader").is_active


@pytest.mark.parametrize("action", ACTIONS)
def test_admin_cannot_touch_an_owner(acme, as_user, admin, action):
    client = as_user(admin)
    assert client.get(f"/members/owner/{action}/").status_code == 403
    assert client.post(f"/members/owner/{action}/", {"role": "reader"}).status_code == 403
    assert roles_of(acme)["owner"] == "owner"
    assert person(acme, "owner").is_active


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("username", ["owner", "admin"])
def test_nobody_does_it_to_themselves(acme, as_user, action, username):
    themselves = person(acme, username)
    assert as_user(themselves).post(f"/members/{username}/{action}/", {"role": "reader"}).status_code == 403
    assert roles_of(acme)[username] == username
    assert person(acme, username).is_active


def test_admin_cannot_make_an_owner(acme, as_user, admin, reader):
    response = as_user(admin).post("/members/reader/role/", {"role": "owner"})
    assert response.status_code == 200
    assert "role" in response.context["form"].errors
    with within(acme), pytest.raises(PermissionDenied):
        changes.change_role(actor=admin, member=reader, role=Role.OWNER)
    assert roles_of(acme)["reader"] == "reader"


def test_role_that_does_not_exist_is_refused(acme, as_user, owner):
    response = as_user(owner).post("/members/reader/role/", {"role": "emperor\0"})
    assert response.status_code == 200
    assert roles_of(acme)["reader"] == "reader"


def test_deactivation_ends_sessions_at_once(acme, as_user, owner, reader):
    browser = sign_in_by_password(acme, "reader")
    with within(acme):
        key = UserSession.objects.get(user=reader).session_key
        assert Session.objects.filter(pk=key).exists()
        HandOff.objects.create(user=reader)
    response = as_user(owner).post("/members/reader/deactivate/", follow=True)
    assert "Rita Reader was deactivated and signed out." in response.content.decode()
    assert browser.get("/people/").url.startswith("/account/login/")
    with within(acme):
        assert not UserSession.objects.filter(user=reader).exists()
        assert not Session.objects.filter(pk=key).exists()
        assert not HandOff.objects.filter(user=reader).exists()


def test_deactivated_member_cannot_sign_in_until_reactivated(acme, as_user, owner, reader):
    credentials = {"login": "reader@acme.example", "password": PASSWORD}
    browser = sign_in_by_password(acme, "reader")
    as_user(owner).post("/members/reader/deactivate/")
    refused = SiteClient(acme)
    refused.post("/account/login/", credentials)
    assert refused.get("/people/").status_code == 302
    as_user(owner).post("/members/reader/reactivate/")
    assert browser.get("/people/").status_code == 302, "The old session came to life again."
    assert sign_in_by_password(acme, "reader")


def test_deactivating_twice_says_so(acme, as_user, owner):
    response = as_user(owner).post("/members/gone/deactivate/", follow=True)
    assert "Gregor Gone is already deactivated." in response.content.decode()
    response = as_user(owner).post("/members/reader/reactivate/", follow=True)
    assert "Rita Reader is already active." in response.content.decode()


def test_removal_deletes_person_profile_and_sessions(acme, globex, as_user, owner, reader):
    browser = sign_in_by_password(acme, "reader")
    assert as_user(owner).post("/members/reader/remove/").url == "/members/"
    assert browser.get("/people/").status_code == 302
    with within(acme):
        assert not User.objects.filter(username="reader").exists()
        assert not Profile.objects.filter(pk=reader.profile.pk).exists()
        assert not Session.objects.filter(pk=browser.cookies["session"].value).exists()
    assert person(globex, "reader").profile


def test_removal_deletes_the_photo(acme, owner, reader, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    with within(acme):
        keep_pictures(profile=reader.profile, pictures={64: b"small", 512: b"large"})
        name = reader.profile.photo.name
        assert default_storage.exists(name)
        with django_capture_on_commit_callbacks(execute=True):
            changes.remove(actor=owner, member=reader)
        assert not default_storage.exists(name)


def test_who_loses_a_right_leaves_no_invitation_behind(acme, owner, admin):
    with within(acme):
        for role in ("admin", "reader"):
            Invitation.objects.create(email=f"{role}@new.example", role=role, invited_by=admin)
        Invitation.objects.create(email="other@new.example", role="admin", invited_by=owner)
        changes.change_role(actor=owner, member=admin, role=Role.EDITOR)
        assert [invitation.email for invitation in Invitation.objects.open()] == ["other@new.example"]


def test_last_owner_is_kept_whatever_rights_will_say(acme, owner, admin, gone):
    with within(acme):
        changes.keep_an_owner(without=admin)
        with pytest.raises(ValidationError) as refusal:
            changes.keep_an_owner(without=owner)
        assert refusal.value.code == "last_owner"
        User.objects.filter(pk=gone.pk).update(role=Role.OWNER)
        with pytest.raises(ValidationError):  # A deactivated owner is none who could act.
            changes.keep_an_owner(without=owner)
