"""An organisation's home."""

import re
from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles import roles
from profiles.models import User
from profiles.organisation import first_steps
from profiles.testing import needs
from shared.capabilities import registry
from tenants.context import public, within
from tenants.models import Tenant
from tenants.serving import hosts


@pytest.fixture
def home(as_user):
    """The home page as this person sees it."""
    return lambda user: as_user(user).get("/").content.decode()


def test_visitor_is_sent_to_sign_in(visitor):
    response = visitor.get("/")
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


def test_page_greets_and_shows_the_organisations_name(home, reader):
    html = home(reader)
    assert '<h1>Hello, <span dir="auto">Rita</span></h1>' in html
    assert '<p class="lede" dir="auto">Acme</p>' in html


def test_newest_six_are_shown(acme, home, reader):
    with within(acme):
        for number in range(6):
            User.objects.create_user(f"new-{number}", first_name="Nell", last_name=f"Number{number}")
    html = home(reader)
    assert all(f"Number{number}" in html for number in range(6))
    assert "Olga Owner" not in html


def test_initials_are_drawn_in_the_page_and_not_asked_for(home, reader):
    html = home(reader)
    assert ">OO</text>" in html  # Olga Owner
    assert "initials.svg" not in html


def test_those_who_are_gone_are_not_shown(home, owner, gone):
    assert gone.name not in home(owner)


def test_people_of_the_organisation_next_door_are_not_shown(home, owner, globex):
    with within(globex):
        User.objects.create_user("spy", first_name="Sally", last_name="Spy")
    assert "Sally Spy" not in home(owner)


def test_owner_alone_is_offered_to_invite(acme, home, owner):
    put_away()
    with within(acme):
        User.objects.exclude(pk=owner.pk).update(is_active=False)
    html = home(owner)
    assert "You are the first member" in html
    assert 'href="/members/invitations/new/"' in html


def test_owner_in_company_is_not(home, owner):
    assert "You are the first member" not in home(owner)


def test_reader_alone_is_not(acme, home, reader):
    with within(acme):
        User.objects.exclude(pk=reader.pk).update(is_active=False)
    assert "You are the first member" not in home(reader)


def test_member_whose_address_is_not_verified_is_reminded(home, owner):
    put_away()
    html = home(owner)
    assert "Please confirm that owner@acme.example is your email address" in html
    assert 'href="/account/email/"' in html


def test_member_whose_address_is_verified_is_not(acme, home, owner):
    with within(acme):
        EmailAddress.objects.filter(user=owner).update(verified=True, email="Owner@acme.example")
    assert "Please confirm" not in home(owner)


def test_member_without_an_address_is_not(acme, home, reader):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(email="")
    assert "Please confirm" not in home(reader)


def test_more_people_take_no_more_queries(acme, as_user, reader, django_assert_num_queries):
    """How many that is says profiles/testing/queries.txt."""
    browser = as_user(reader)
    browser.get("/")
    with CaptureQueriesContext(connection) as before:
        browser.get("/")
    statements = len(before)
    with within(acme):
        for number in range(3):
            User.objects.create_user(f"new-{number}")
    browser.get("/")
    with django_assert_num_queries(statements):
        browser.get("/")


def put_away() -> None:
    """The first steps, for all owners."""
    with public():
        Tenant.objects.filter(slug="acme").update(first_steps_dismissed=True)
    hosts.clear()


def open_steps(html: str) -> list[str]:
    """Where the steps lead that are not done."""
    (_, _, card) = html.partition('<ol class="first-steps__list">')
    return re.findall(r'<a href="([^"]+)"', card.partition("</ol>")[0])


def test_new_owner_sees_the_first_steps_and_what_is_done(home, owner):
    steps = open_steps(home(owner))
    assert {"/account/email/", "/profile/edit/", "/settings/appearance/"} <= set(steps)
    assert "/members/invitations/" not in steps  # others are here already


@pytest.mark.parametrize("role", ["reader", "editor", "admin"])
def test_others_do_not(home, request, role):
    assert "First steps" not in home(request.getfixturevalue(role))


def test_step_is_done_once_the_thing_is(acme, home, owner):
    with public():
        Tenant.objects.filter(slug="acme").update(accent="#2456b8")
    with within(acme):
        EmailAddress.objects.filter(user=owner).update(verified=True)
    hosts.clear()
    assert not {"/account/email/", "/settings/appearance/"} & set(open_steps(home(owner)))


@needs("profiles.welcome")
def test_step_of_an_app_is_asked_for_with_the_others(acme, home, owner):
    assert "/welcome/edit/" in open_steps(home(owner))
    with within(acme):
        apps.get_model("welcome", "Welcome").objects.create(text="Welcome!")
    assert "/welcome/edit/" not in open_steps(home(owner))


def test_card_is_gone_when_all_is_done(home, owner, monkeypatch):
    done = replace(first_steps.first_steps()[0], done="tests.profiles.organisation.test_home.yes")
    monkeypatch.setattr(first_steps, "first_steps", lambda: (done,))
    assert "First steps" not in home(owner)


def yes(_viewer: object) -> bool:
    return True


def test_step_is_shown_to_those_who_may(home, owner, monkeypatch):
    steps = tuple(replace(step, may="nothing") for step in first_steps.first_steps())
    monkeypatch.setattr(first_steps, "first_steps", lambda: steps)
    monkeypatch.setattr(roles, "rights", lambda: registry.rights() | {"nothing": lambda _user: False})
    assert open_steps(home(owner)) == []


def test_owner_puts_the_card_away_for_all_owners(as_user, home, owner):
    assert as_user(owner).post("/first-steps/dismiss/").url == "/"
    hosts.clear()
    assert "First steps" not in home(owner)
    assert "Please confirm that owner@acme.example" in home(owner)
