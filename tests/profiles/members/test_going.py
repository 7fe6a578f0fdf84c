"""What ends when a member is deactivated or removed, and what stays."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection

from profiles.invitations.endings import end_invitations
from profiles.members import bulk, changes
from profiles.models import HandOff, Invitation, Profile, Session, User
from profiles.pictures.keeping import keep_pictures
from profiles.roles import Role
from profiles.testing import PASSWORD, SiteClient, make_rows, person
from tenants.context import within
from tests.profiles.members.working import sign_in_by_password

# What was done is kept, with the name that its actor had.
LOGS = {"audit_entry", "django_admin_log", "webhooks_delivery"}


def test_deactivation_ends_sessions_at_once(acme, as_user, owner, reader):
    browser = sign_in_by_password(acme, "reader")
    with within(acme):
        key = Session.objects.get(user=reader).session_key
        assert Session.objects.filter(pk=key).exists()
        HandOff.objects.create(user=reader)
    response = as_user(owner).post("/members/reader/deactivate/", follow=True)
    assert "Rita Reader was deactivated and signed out." in response.content.decode()
    assert browser.get("/people/").url.startswith("/account/login/")
    with within(acme):
        assert not Session.objects.filter(user=reader).exists()
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
    assert as_user(owner).post("/members/reader/remove/").url == "/people/"
    assert browser.get("/people/").status_code == 302
    with within(acme):
        assert not User.objects.filter(username="reader").exists()
        assert not Profile.objects.filter(pk=reader.profile.pk).exists()
        assert not Session.objects.filter(pk=browser.cookies["session"].value).exists()
    assert person(globex, "reader").profile


@pytest.mark.parametrize("verb", ["remove", "remove_all", "leave"])
def test_no_table_but_the_logs_names_who_is_gone(acme, owner, reader, verb):
    """Every table has a row of the member before. The address and username are free at once."""
    make_rows(acme)
    with within(acme):
        Invitation.objects.create(email=reader.email, accepted=reader.date_joined, invited_by=owner)
        match verb:
            case "remove":
                changes.remove(actor=owner, member=reader)
            case "remove_all":
                bulk.remove_all(actor=owner, members=[reader.pk])
            case "leave":
                changes.leave(member=reader)
        end_invitations()
        with connection.cursor() as cursor:
            tables = [t for t in connection.introspection.table_names(cursor) if t not in LOGS]
            assert len(tables) > 10
            naming = "SELECT count(*) FROM {} found WHERE found::text ~* %s"
            counts = {}
            for table in tables:
                cursor.execute(naming.format(connection.ops.quote_name(table)), [f"{reader.email}|rita"])
                counts[table] = cursor.fetchone()[0]
        # For some days, who was removed can be invited back with their profile (profiles.returning).
        kept = {"returning_former"} & set(tables) if verb != "leave" else set()
        assert {table for table, count in counts.items() if count} == kept
        User.objects.create_user("reader", reader.email)


def test_what_they_did_is_of_a_former_member(acme, as_user, owner, admin):
    with within(acme):
        Invitation.objects.create(email="new@acme.example", role="owner", invited_by=owner)
        Invitation.objects.update(invited_by=None)
    assert "by a former member" in as_user(owner).get("/members/invitations/").content.decode()


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
