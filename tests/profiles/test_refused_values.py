"""Rules of rows about people: tables and verbs keep them, whatever calls them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from profiles.invitations.changes import accept, invite
from profiles.members.changes import change_role
from profiles.models import Invitation, Profile, User
from tenants.context import as_owner, public, within
from tests.daily import part_each_day

NO_USERNAMES = ["c/d", "", ".", "..", "@", "a b", "a?b", "a#b", "a%b", "a\nb", "a\u202eb", "a\u2028b"]


@pytest.fixture(autouse=True)
def in_acme(acme):
    with within(acme):
        yield


@pytest.mark.parametrize("username", NO_USERNAMES)
def test_user_name_that_no_address_can_carry(reader, username):
    people = User.objects.count()
    with pytest.raises((ValidationError, ValueError)):
        User.objects.create_user(username, "new@acme.example", "pass123")
    with pytest.raises(ValidationError):
        User(username=username).save()
    with pytest.raises(ValidationError):
        User.objects.bulk_create([User(username="fine"), User(username=username)])
    with pytest.raises(IntegrityError, match="user_username_fits_address"), transaction.atomic():
        User.objects.filter(pk=reader.pk).update(username=username)
    assert User.objects.count() == people


@pytest.mark.parametrize("username", ["ünï", "日本", "a.b-c_d+e", "ﬁn"])
def test_user_name_in_any_script(username):
    User.objects.create_user(username, "new@acme.example", "pass123")
    assert User.objects.filter(username=User.normalize_username(username)).exists()


@pytest.mark.parametrize(
    "values", [{"email": "no address"}, {"role": "boss"}, {"first_name": "x" * 151}, {"email": "a\r\nb@acme.example"}]
)
def test_member_with_a_bad_value(values):
    with pytest.raises(ValidationError) as refusal:
        User.objects.create_user("new", **{"email": "new@acme.example", **values})
    assert list(refusal.value.error_dict) == list(values)
    assert not User.objects.filter(username="new").exists()


def test_what_postgresql_works_out_is_left_to_it(reader):
    reader.first_name = F("username")
    reader.save(update_fields=["first_name"])
    assert User.objects.get(pk=reader.pk).first_name == "reader"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "boss"}, "role"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@acme.example\r\nBcc: b@acme.example"}, "email"),
        ({"message": "x" * 1001}, "message"),
    ],
)
def test_invitation_with_a_bad_value_is_not_stored(owner, mailoutbox, values, field):
    with pytest.raises(ValidationError) as refusal:
        invite(**{"actor": owner, "email": "ivy@acme.example", "role": "reader", **values})
    assert list(refusal.value.error_dict) == [field]
    assert not Invitation.objects.exists()


def test_role_that_there_is_not(owner, reader):
    with pytest.raises(ValidationError):
        change_role(actor=owner, member=reader, role="boss")
    with pytest.raises(IntegrityError, match="invitation_role_known"):
        Invitation.objects.bulk_create([Invitation(email="ivy@acme.example", role="boss")])


@pytest.mark.parametrize(("values", "field"), [({"username": "c/d"}, "username"), ({"password": ""}, "password")])
def test_invitation_is_not_accepted_with_a_bad_value(owner, values, field):
    invitation = invite(actor=owner, email="ivy@acme.example", role="reader")
    with pytest.raises(ValidationError) as refusal:
        accept(**{"token": invitation.token, "name": "Ivy", "username": "ivy", "password": "long enough", **values})
    assert list(refusal.value.error_dict) == [field]
    assert Invitation.objects.open().exists()


@pytest.mark.parametrize("values", [{"time_zone": "Mars/Base"}, {"bio": "x" * 2001}, {"phone": "12"}])
def test_profile_with_a_bad_value(reader, values):
    for name, value in values.items():
        setattr(reader.profile, name, value)
    with pytest.raises(ValidationError) as refusal:
        reader.profile.save()
    assert list(refusal.value.error_dict) == list(values)


# --- Rows that are odd anyway ---------------------------------------------------------------------------------------


def allow(table: str, *constraints: str) -> None:
    """Leave a table without these rules, as it was before they came."""
    with as_owner(), connection.cursor() as cursor:
        for constraint in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


@pytest.mark.parametrize("username", part_each_day(["c/d", "c/edit", "..", "", "100%", "a?b#c", "a\nb"]))
def test_odd_user_name_takes_no_page_down(as_user, owner, reader, username):
    allow("profiles_user", "user_username_fits_address")
    User.objects.filter(pk=reader.pk).update(username=username)
    browser = as_user(owner)
    for page in ("/", "/people/", "/members/deactivated/"):
        assert browser.get(page).status_code == 200
    reader.refresh_from_db()
    assert browser.get(reader.profile.get_absolute_url()).context["member"] == reader
    assert browser.get(reader.profile.photo_url()).status_code == 200


@pytest.mark.parametrize("name", ["me.jpg", "photos/me.jpg", "photos/me/512.webp", "../me.jpg"])
def test_photo_that_other_code_has_stored_takes_no_page_down(as_user, owner, reader, name):
    Profile.objects.filter(user=reader).update(photo=name)
    for browser in (as_user(owner), as_user(reader)):
        for page in ("/", "/people/", "/people/reader/"):
            assert browser.get(page).status_code == 200
    reader.profile.refresh_from_db()
    assert reader.profile.photo_url() == "/people/reader/initials.svg"


def test_time_zone_that_is_gone_takes_no_page_down(as_user, owner, reader):
    Profile.objects.filter(user=reader).update(time_zone="US/Pacific-New")
    assert as_user(owner).get("/people/reader/").status_code == 200
    page = as_user(reader).get("/people/reader/")
    assert page.status_code == 200
    assert "UTC" in page.content.decode()
    form = as_user(reader).get("/people/reader/edit/")
    assert form.status_code == 200
    assert form.context["form"]["time_zone"].value() == "US/Pacific-New"


def test_migration_mends_odd_rows(owner, reader, editor):
    allow("profiles_user", "user_username_fits_address")
    allow("profiles_invitation", "invitation_role_known")
    for member, username in ((reader, "c/d"), (editor, "///")):
        User.objects.filter(pk=member.pk).update(username=username)
    User.objects.create_user("c-d", "c-d@acme.example")
    Invitation.objects.bulk_create([Invitation(email="ivy@acme.example", role="boss")])
    import_module("profiles.migrations.0004_mend_odd_rows").mend(apps, None)
    reader.refresh_from_db()
    editor.refresh_from_db()
    assert (reader.username, editor.username) == (f"c-d-{reader.pk}", "member")
    invitation = Invitation.objects.get()
    assert invitation.role == "reader"
    assert invitation.revoked


@pytest.mark.parametrize("code", ["xx-gone", "a b/../\n*[", "\x01"])
def test_language_that_there_is_not_takes_no_page_down(acme, as_user, owner, reader, run_jobs, code):
    with pytest.raises(ValidationError):
        User.objects.create_user("new", "new@acme.example", language=code)
    User.objects.filter(pk=reader.pk).update(language=code)
    assert as_user(reader).get("/").status_code == 200
    User.objects.get(pk=reader.pk).save()
    reader.language = code
    with pytest.raises(ValidationError):
        reader.save(update_fields=["language"])
    with public():
        type(acme).objects.filter(pk=acme.pk).update(language=code)
    for browser in (as_user(owner), as_user(reader)):
        assert browser.get("/people/").status_code == 200
        assert browser.get("/account/preferences/").status_code == 200
