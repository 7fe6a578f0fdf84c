"""An organisation's home."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import User
from tenants.context import within


@pytest.fixture
def home(as_user):
    """The home page as this person sees it."""
    return lambda user: as_user(user).get("/").content.decode()


def test_visitor_is_sent_to_sign_in(visitor):
    response = visitor.get("/")
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


def test_page_shows_the_organisations_name(home, reader):
    assert "<h1>Acme</h1>" in home(reader)


def test_newest_six_are_shown(acme, home, reader):
    with within(acme):
        for number in range(6):
            User.objects.create_user(f"new-{number}", first_name="Nell", last_name=f"Number{number}")
    html = home(reader)
    assert all(f"Number{number}" in html for number in range(6))
    assert "Olga Owner" not in html


def test_each_has_a_picture(home, reader):
    assert "/people/owner/initials.svg" in home(reader)


def test_those_who_are_gone_are_not_shown(home, owner, gone):
    assert gone.name not in home(owner)


def test_people_of_the_organisation_next_door_are_not_shown(home, owner, globex):
    with within(globex):
        User.objects.create_user("spy", first_name="Sally", last_name="Spy")
    assert "Sally Spy" not in home(owner)


def test_owner_alone_is_offered_to_invite(acme, home, owner):
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
