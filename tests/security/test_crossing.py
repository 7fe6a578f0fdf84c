"""Credentials of one organisation are not valid in the other, in both directions.

Also if the other has the same person: primary key, username, email address, password hash, and the row that the
credential refers to, all planted there by an attacker with access to the database.
"""

import re
from dataclasses import dataclass
from io import BytesIO

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.conf import settings as django_settings
from django.db.models import Model
from django.test import Client
from PIL import Image

from profiles.models import HandOff, Invitation, Profile, Session, User
from profiles.pictures.keeping import set_photo
from profiles.pictures.logos import keep_logo, process_logo
from profiles.sign_in.verification import verify
from profiles.testing import PASSWORD, SiteClient, person
from tenants.context import public, within
from tenants.models import Tenant

NEW = "a different battery"


@dataclass
class Crossing:
    """An organisation where a credential is of worth, and another, with the same reader."""

    home: Tenant
    there: Tenant

    def at_home(self) -> SiteClient:
        return SiteClient(self.home)

    def abroad(self) -> SiteClient:
        return SiteClient(self.there)

    def take_along(self, *rows: Model) -> None:
        """The same rows there, under the same keys."""
        with within(self.there):
            for row in rows:
                type(row)._default_manager.filter(pk=row.pk).delete()
                fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
                type(row)._default_manager.bulk_create([type(row)(**fields)])

    def take_reader_along(self) -> None:
        reader = person(self.home, "reader")
        same = ("username", "email", "password", "last_login", "date_joined")
        with within(self.there):
            assert User.objects.filter(pk=reader.pk).update(**{name: getattr(reader, name) for name in same}) == 1


@pytest.fixture(params=["acme to globex", "globex to acme"])
def crossing(request, acme, globex):
    home, there = (acme, globex) if request.param.startswith("acme") else (globex, acme)
    found = Crossing(home, there)
    found.take_reader_along()
    return found


def rows(tenant, model, **which):
    with within(tenant):
        return list(model.objects.filter(**which))


def is_signed_in(browser):
    return browser.get("/people/").status_code == 200


def test_session(crossing):
    browser = crossing.at_home().sign_in(person(crossing.home, "reader"))
    crossing.take_reader_along()  # Signing in has changed the row.
    crossing.take_along(*rows(crossing.home, Session))
    other = crossing.abroad()
    other.cookies = browser.cookies
    assert is_signed_in(browser)
    assert not is_signed_in(other)


def test_password_reset_link(crossing, run_jobs, mailoutbox):
    email = person(crossing.home, "reader").email
    crossing.at_home().post("/account/password/reset/", {"email": email})
    run_jobs()
    path = re.findall(r"/account/password/reset/key/\S+", mailoutbox[-1].body)[0]
    for browser in (crossing.abroad(), crossing.at_home()):
        page = browser.get(path, follow=True)
        browser.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert person(crossing.home, "reader").check_password(NEW)
    assert not person(crossing.there, "reader").check_password(NEW)


def test_verification_link(crossing):
    reader = person(crossing.home, "reader")
    with within(crossing.home):
        address = EmailAddress.objects.create(user=reader, email=reader.email, primary=True)
        verify(address)
        key = EmailConfirmation.objects.get(email_address=address).key
    crossing.take_along(address)
    for tenant, browser in ((crossing.there, crossing.abroad()), (crossing.home, crossing.at_home())):
        browser.post(f"/account/confirm-email/{key}/")
        assert rows(tenant, EmailAddress, user_id=reader.pk)[0].verified is (tenant == crossing.home)


def test_invitation(crossing):
    with within(crossing.home):
        invitation = Invitation.objects.create(email="new@new.example", role="admin")
        path = f"/invitations/{invitation.token}/"
    crossing.take_along(invitation)
    new = {"name": "Nora New", "username": "nora", "password": PASSWORD}
    assert crossing.abroad().post(path, new).status_code == 410
    assert crossing.at_home().post(path, new).status_code == 302
    assert rows(crossing.there, User, username="nora") == []


def test_hand_off(crossing):
    with within(crossing.home):
        hand_off = HandOff.objects.create(user=person(crossing.home, "owner"))
        path = hand_off.path
    crossing.take_along(hand_off)
    assert crossing.abroad().get(path).status_code == 410
    assert crossing.at_home().get(path).status_code == 302


def test_csrf_token(crossing):
    """Of the other site's form, with one's own cookie, as another site could have it sent."""
    token = form_token(SiteClient(crossing.home, enforce_csrf_checks=True))
    browser = SiteClient(crossing.there, enforce_csrf_checks=True)
    own = form_token(browser)
    data = {"login": "reader", "password": PASSWORD}
    assert browser.post("/account/login/", {**data, "csrfmiddlewaretoken": token}).status_code == 403
    assert browser.post("/account/login/", {**data, "csrfmiddlewaretoken": own}).status_code == 302


def test_message(crossing):
    """No organisation shows what another one says about a person."""
    browser = crossing.at_home().sign_in(person(crossing.home, "reader"))
    browser.post("/people/reader/edit/", {"time_zone": "UTC"})
    assert browser.cookies["messages"].value
    other = crossing.abroad().sign_in(person(crossing.there, "reader"))
    public_site = Client(SERVER_NAME="localhost")
    for each in (other, public_site):
        each.cookies["messages"] = browser.cookies["messages"].value
        assert "Your profile was saved." not in each.get("/").content.decode()
    assert "Your profile was saved." in browser.get("/").content.decode()


def form_token(browser):
    page = browser.get("/account/login/").content.decode()
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]


def test_form_sent_from_the_others_page_is_refused(crossing):
    """Also with cookie and token of this site: the browser says where the form is from."""
    browser = SiteClient(crossing.there, enforce_csrf_checks=True)
    data = {"login": "reader", "password": PASSWORD, "csrfmiddlewaretoken": form_token(browser)}
    for origin in (crossing.home.url().rstrip("/"), django_settings.BASE_URL, "null"):
        assert browser.post("/account/login/", data, headers={"origin": origin}).status_code == 403


def status(browser, path):
    response = browser.get(path)
    response.getvalue()  # A file is closed once it has been read.
    return response.status_code


def picture():
    file = BytesIO()
    Image.new("RGB", (80, 80), "red").save(file, "PNG")
    return file.getvalue()


def test_photo_address(crossing, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with within(crossing.home):
        profile = person(crossing.home, "reader").profile
        set_photo(profile=profile, upload=picture())
        path = profile.photo_url(64)
    with within(crossing.there):
        Profile.objects.filter(pk=profile.pk).update(photo=profile.photo.name)
    abroad, at_home = (
        browser.sign_in(person(browser.tenant, "reader")) for browser in (crossing.abroad(), crossing.at_home())
    )
    assert [status(at_home, path), status(abroad, path), status(crossing.at_home(), path)] == [200, 404, 302]


def test_logo_address(crossing, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with within(crossing.home):
        keep_logo(process_logo(picture()))
    with public():
        name = Tenant.objects.get(pk=crossing.home.pk).logo.name
        Tenant.objects.filter(pk=crossing.there.pk).update(logo=name)
    assert status(crossing.at_home(), f"/{name}") == 200
    assert status(crossing.abroad(), f"/{name}") == 404


def test_password_proved_a_moment_ago(crossing):
    """What the session notes of it is worth as much as the session: nothing."""
    browser = crossing.at_home().sign_in(person(crossing.home, "owner")).give_password()
    crossing.take_along(*rows(crossing.home, Session))
    other = crossing.abroad().sign_in(person(crossing.there, "owner"))
    data = {"email": "new@new.example", "role": "owner"}
    assert browser.post("/members/invitations/new/", data)["Location"] == "/members/invitations/"
    assert other.post("/members/invitations/new/", data)["Location"].startswith("/account/reauthenticate/")
    other.cookies = browser.cookies
    assert other.post("/members/invitations/new/", data)["Location"].startswith("/account/login/")
