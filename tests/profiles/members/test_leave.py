"""Leaving an organisation by oneself: with all that is one's own, unless no one would own it then."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import connections, transaction

from profiles.members import changes
from profiles.models import Invitation, Profile, Session, User
from profiles.pictures.keeping import keep_pictures
from profiles.roles import Role
from profiles.testing import SiteClient, person
from tenants.context import within
from tests.profiles.races import wait_for_a_lock


def people_of(tenant):
    with within(tenant):
        return set(User.objects.values_list("username", flat=True))


def make_owner(tenant, username):
    with within(tenant):
        User.objects.filter(username=username).update(role=Role.OWNER)


@pytest.mark.parametrize("username", ["reader", "editor", "admin"])
def test_who_leaves_is_deleted_and_signed_out_everywhere(acme, globex, as_user, username):
    browser = as_user(person(acme, username)).give_password()
    key = browser.cookies["session"].value
    assert f"Leave {acme.name}?" in browser.get("/leave/").content.decode()
    response = browser.post("/leave/", follow=True)
    assert "You left Acme." in response.content.decode()
    assert browser.get("/people/").url.startswith("/account/login/")
    assert username not in people_of(acme)
    assert username in people_of(globex)
    with within(acme):
        assert not Session.objects.filter(pk=key).exists()
        assert not Session.objects.filter(user__username=username).exists()
        assert not Profile.objects.filter(user__username=username).exists()


def test_the_password_is_asked_for_again(acme, as_user, reader):
    response = as_user(reader).post("/leave/")
    assert response.url.startswith("/account/reauthenticate/")
    assert "reader" in people_of(acme)


def test_looking_at_the_page_changes_nothing(acme, as_user, reader):
    page = as_user(reader).give_password().get("/leave/").content.decode()
    assert "What you wrote for everyone stays, without your name: as by a former member." in page
    assert "reader" in people_of(acme)


def test_the_way_there_is_on_ones_own_profile(as_user, reader):
    assert 'href="/leave/"' in as_user(reader).get("/people/reader/edit/").content.decode()


def test_photo_goes_and_invitations_are_revoked(acme, admin, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    with within(acme):
        keep_pictures(profile=admin.profile, pictures={512: b"large"})
        Invitation.objects.create(email="new@acme.example", invited_by=admin)
        with django_capture_on_commit_callbacks(execute=True):
            changes.leave(member=admin)
        assert default_storage.listdir("photos")[0] == []
        assert not Invitation.objects.open().exists()


def test_last_owner_is_told_to_make_another_member_an_owner(acme, as_user, owner, gone):
    make_owner(acme, "gone")  # A deactivated owner is none who could act.
    browser = as_user(owner).give_password()
    page = browser.get("/leave/").content.decode()
    assert "Make another member an owner first" in page
    assert 'href="/people/"' in page
    response = browser.post("/leave/", follow=True)
    assert "Olga Owner is the only active owner." in response.content.decode()
    with within(acme), pytest.raises(ValidationError) as refusal:
        changes.leave(member=owner)
    assert refusal.value.code == "last_owner"
    assert "owner" in people_of(acme)


def test_owner_hands_over_and_leaves(acme, as_user, owner):
    browser = as_user(owner).give_password()
    browser.post("/members/editor/role/", {"role": "owner"})
    browser.post("/leave/")
    assert "owner" not in people_of(acme)
    assert person(acme, "editor").role == Role.OWNER


def test_who_was_shut_out_a_moment_ago_cannot_leave(acme, owner, reader, gone):
    with within(acme):
        with pytest.raises(PermissionDenied):
            changes.leave(member=gone)
        changes.remove(actor=owner, member=User.objects.get(pk=reader.pk))
        with pytest.raises(PermissionDenied):
            changes.leave(member=reader)


def test_an_owner_made_meanwhile_who_is_leaving_is_not_relied_on(new_tenant):
    """As keep_an_owner() sees it, when locked() has looked too early to have locked the other one."""
    tenant = new_tenant("initech")
    with within(tenant):
        olga, otto = User.objects.get(), User.objects.create_user("otto", role=Role.OWNER)

    def keep():
        try:
            with within(tenant), transaction.atomic():
                changes.keep_an_owner(without=olga)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, within(tenant):
        with transaction.atomic():
            changes.leave(member=otto)
            waiting = pool.submit(keep)
            wait_for_a_lock()
        with pytest.raises(ValidationError, match="only active owner"):
            waiting.result()


def test_last_owner_of_one_organisation_owns_nothing_in_another(acme, globex, stranger):
    with within(globex):
        User.objects.filter(username="admin").update(role=Role.OWNER)
        changes.leave(member=stranger)
    assert "owner" in people_of(acme)
    assert SiteClient(acme).sign_in(person(acme, "owner")).get("/people/").status_code == 200
