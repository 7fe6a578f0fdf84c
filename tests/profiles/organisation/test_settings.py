"""An organisation's settings: name, address, language."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import update_last_login

from profiles import roles
from profiles.apps import ProfilesConfig
from profiles.models import HandOff, Invitation, Session, User
from profiles.testing import SiteClient, needs
from shared.capabilities import registry
from shared.capabilities.base import Link
from tenants.context import within
from tenants.models import Domain, Tenant
from tenants.organisations.rename import rename
from tenants.serving import hosts


@pytest.fixture
def save(as_user, django_capture_on_commit_callbacks):
    """Send the form, with what acme has but for what is given."""

    def send(user: User, **values: object):
        with django_capture_on_commit_callbacks(execute=True):
            browser = as_user(user).give_password()
            return browser.post("/settings/", {"name": "Acme", "slug": "acme", **values})

    return send


def acme_now() -> Tenant:
    return Tenant.objects.get(pk=Domain.objects.get(domain="acme.localhost").tenant_id)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["reader", "editor"])
def test_those_who_do_not_manage_cannot(as_user, request, role, method):
    browser = as_user(request.getfixturevalue(role))
    response = getattr(browser, method)("/settings/", {"name": "Mine", "slug": "mine"})
    assert response.status_code == 403
    assert acme_now().name == "Acme"


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_managers_may(save, request, role):
    response = save(request.getfixturevalue(role), name=" Acme  Rockets ")
    assert (response.status_code, response.url) == (302, "/settings/")
    assert acme_now().name == "Acme Rockets"


def test_page_shows_what_is_set(as_user, owner):
    html = as_user(owner).get("/settings/").content.decode()
    assert 'value="Acme"' in html
    assert 'value="acme"' in html
    assert ".localhost:8000" in html


def test_organisation_next_door_keeps_its_name(save, owner, globex):
    save(owner, name="Renamed")
    globex.refresh_from_db()
    assert globex.name == "Globex"


def test_all_errors_are_shown_at_once_and_nothing_is_saved(save, owner):
    response = save(owner, name=" ", slug="www")
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"name", "slug"}
    assert 'value="www"' in response.content.decode()
    assert acme_now().name == "Acme"


def test_one_change_of_the_address_too_many_is_refused_in_the_form(acme, save, owner, settings):
    settings.LIMITS = settings.LIMITS | {"rename": {"organisation": (1, 60)}}
    rename(acme, slug="acme")
    response = save(owner, slug="apex", name="Apex")
    assert "Try again in 1 minute." in response.context["form"].errors["slug"][0]
    assert (acme_now().slug, acme_now().name) == ("acme", "Acme")


@pytest.mark.parametrize(
    ("slug", "word"), [("globex", "taken"), ("g1obex", "taken"), ("admin", "reserved"), ("a b c", "spaces")]
)
def test_address_is_checked_as_in_sign_up(save, owner, globex, slug, word):
    response = save(owner, slug=slug, name="Changed")
    assert word in response.context["form"].errors["slug"][0]
    assert (acme_now().slug, acme_now().name) == ("acme", "Acme")


def test_member_who_changes_the_address_is_carried_to_it(save, owner, acme):
    with within(acme):
        update_last_login(User, owner)
    response = save(owner, slug="apex", name="Apex")
    assert response.status_code == 302
    assert response.url.startswith("http://apex.localhost:8000/hand-off/")
    browser = SiteClient(acme_now())
    landed = browser.get(urlsplit(response.url).path, follow=True)
    assert landed.redirect_chain == [("/", 302)]
    assert "You are signed in at apex.localhost" in landed.content.decode()
    with within(browser.tenant):
        assert browser.session[SESSION_KEY] == str(owner.pk)


def test_session_at_the_old_address_ends(save, owner, acme):
    save(owner, slug="apex")
    with within(acme):
        assert not Session.objects.exists()


def test_old_address_leads_to_the_new_one(save, owner, visitor):
    save(owner, slug="apex")
    assert visitor.get("/people/").url == "http://apex.localhost:8000/people/"


def test_address_typed_in_capitals_is_no_change(save, owner, acme):
    assert save(owner, slug="ACME").url == "/settings/"
    with within(acme):
        assert HandOff.objects.filter(user=owner).count() == 1  # the one from sign-up


def test_old_address_can_be_taken_back(acme, save, owner):
    save(owner, slug="apex")
    hosts.clear()
    browser = SiteClient(acme_now()).sign_in(owner).give_password()
    response = browser.post("/settings/", {"name": "Acme", "slug": "acme"})
    assert response["Location"].startswith("http://acme.localhost:8000/hand-off/")


def test_queries(as_user, owner, django_assert_num_queries):
    browser = as_user(owner)
    browser.get("/settings/")
    members = int(apps.is_installed("profiles.passkeys"))  # who would lose passkeys by a new address
    with django_assert_num_queries(2 + members):  # session, viewer
        browser.get("/settings/")


def test_app_adds_its_page_to_the_settings(as_user, owner, monkeypatch):
    added = [
        Link(url_name="people", label="Billing", icon="key", may="edit_settings"),
        Link(url_name="home", label="Secret", may="nothing"),
    ]
    found = registry.links
    monkeypatch.setattr(registry, "links", lambda area: (*found(area), *(added if area == "settings_pages" else ())))
    monkeypatch.setattr(roles, "rights", lambda: registry.rights() | {"nothing": lambda _user: False})
    html = as_user(owner).get("/settings/").text
    assert '<a href="/people/">' in html
    assert "Billing" in html
    assert "Secret" not in html


def test_settings_are_under_headings_and_those_without_one_come_last(as_user, owner, monkeypatch):
    page = Link(url_name="home", label="", order=1)
    added = [
        replace(page, label="Without"),
        replace(page, label="Of a product", group="Billing"),
        replace(page, label="First", group="organisation"),
    ]
    monkeypatch.setattr(registry, "links", registry.links.__wrapped__)
    monkeypatch.setattr(ProfilesConfig, "settings_pages", (*added, *ProfilesConfig.settings_pages))
    html = as_user(owner).get("/settings/").text
    headings = re.findall(r'<p class="side-nav__heading">(.+)</p>', html)
    assert (headings[0], headings[-1]) == ("Organisation", "Billing")
    places = [html.index(words) for words in ("First", "Appearance", "Of a product", "Without")]
    assert places == sorted(places)


def test_members_say_what_each_role_may_do_and_how_many_have_it(acme, as_user, owner, reader, gone):
    with within(acme):
        Invitation.objects.create(email="new@acme.example", invited_by=owner)
    page = as_user(owner).get("/settings/members/").text
    assert re.findall(r"/people/\?role=(\w+)\">(\d)", page) == [
        ("owner", "1"),
        ("admin", "1"),
        ("editor", "1"),
        ("reader", "1"),
    ]
    assert "Manage members and settings, but not owners." in page
    assert "1 person was invited and has not accepted yet." in page


@needs("profiles.exports", "profiles.leaving")
def test_export_and_deletion_have_sections_of_their_own_for_owners(as_user, owner, admin):
    for path in ("/settings/export/", "/settings/delete/"):
        page = as_user(owner).get(path).text
        assert f'<a href="{path}" aria-current="page">' in page
        assert '<a href="/settings/members/">' in page
        assert f'href="{path}"' not in as_user(admin).get("/settings/").text
