"""The one-time link that signs a member in."""

import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import SESSION_KEY
from django.utils import timezone

from profiles.models import HandOff, User
from profiles.testing import SiteClient, needs
from tenants import signing
from tenants.context import within
from tests.profiles.races import at_once

KEY = UUID(int=77)


@pytest.fixture
def link(acme):
    """A new hand-off link of acme for a member."""

    def make(user: User) -> str:
        with within(acme):
            return HandOff.objects.create(user=user).path

    return make


def who(client: SiteClient) -> str | None:
    """The username of the member signed in in this browser."""
    with within(client.tenant):
        key = client.session.get(SESSION_KEY)
        return User.objects.get(pk=key).username if key else None


def test_link_signs_in_and_leads_home(visitor, link, editor):
    response = visitor.get(link(editor))
    assert (response.status_code, response.url) == (302, "/")
    assert who(visitor) == "editor"
    assert visitor.get("/").status_code == 200


def test_first_sign_in_is_welcomed(visitor, link, reader):
    assert "Welcome to Acme." in visitor.get(link(reader), follow=True).content.decode()


def test_later_one_says_where_one_is(visitor, link, reader):
    visitor.get(link(reader))
    html = visitor.get(link(reader), follow=True).content.decode()
    assert "You are signed in at acme.localhost." in html


@needs("profiles.sessions")
def test_session_is_listed_among_the_members_own(visitor, link, reader):
    visitor.get(link(reader))
    html = visitor.get("/account/sessions/").content.decode()
    assert "This browser" in html


def test_session_begins_under_a_new_key(visitor, link, reader):
    visitor.get("/account/login/")
    with within(visitor.tenant):
        session = visitor.session
        session["planted"] = True
        session.save()
    before = session.session_key
    visitor.cookies["session"] = before
    visitor.get(link(reader))
    assert visitor.cookies["session"].value != before


def test_whoever_is_signed_in_is_asked_before_they_become_another(as_user, link, owner, reader):
    browser, path = as_user(owner), link(reader)
    page = browser.get(path)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    assert "You are signed in as Olga Owner" in page.content.decode()
    assert "Continue as Rita Reader" in page.content.decode()
    assert who(browser) == "owner"
    old = browser.cookies["session"].value
    assert browser.post(path).url == "/"
    assert who(browser) == "reader"
    browser.cookies["session"] = old
    assert who(browser) is None


def test_an_open_question_answered_too_late_changes_nothing(as_user, link, owner, reader, monkeypatch):
    browser, path, now = as_user(owner), link(reader), time.time()
    browser.get(path)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 62)
    assert browser.post(path).status_code == 410
    assert who(browser) == "owner"


def test_no_other_site_answers_for_them(acme, owner, link, reader):
    browser = SiteClient(acme, enforce_csrf_checks=True).sign_in(owner)
    assert browser.post(link(reader)).status_code == 403
    assert who(browser) == "owner"


def test_ones_own_link_asks_nothing(as_user, link, reader):
    assert as_user(reader).get(link(reader)).url == "/"


def test_a_used_link_leads_whoever_is_signed_in_home_and_changes_nothing(as_user, link, owner, reader):
    """It may be their own second click."""
    path = link(reader)
    as_user(reader).get(path)
    browser = as_user(owner)
    assert browser.get(path)["Location"] == "/"
    assert "Olga Owner" in browser.get("/").content.decode()


def test_link_works_once(acme, visitor, link, editor):
    path = link(editor)
    visitor.get(path)
    second = SiteClient(acme)
    response = second.get(path)
    assert response.status_code == 410
    assert 'href="/account/login/">Sign in to Acme</a>' in response.content.decode()
    assert who(second) is None


def test_link_costs_three_statements(acme, link, reader, django_assert_num_queries):
    """The old ones are swept, this one is found with its member, and used up."""
    token = link(reader).strip("/").rpartition("/")[2]
    with within(acme), django_assert_num_queries(3):
        assert HandOff.objects.redeem(token) == reader


def test_look_by_a_link_checker_does_not_use_it_up(visitor, link, editor):
    path = link(editor)
    assert visitor.head(path).status_code == 405
    assert visitor.get(path).status_code == 302


def test_link_is_dead_after_sixty_seconds(visitor, link, editor, settings, monkeypatch):
    assert settings.HAND_OFF_SECONDS == 60
    path, now = link(editor), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 62)
    assert visitor.get(path).status_code == 410
    assert who(visitor) is None


def test_link_lives_for_nearly_sixty_seconds(visitor, link, editor, monkeypatch):
    path, now = link(editor), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 58)
    assert visitor.get(path).status_code == 302


def test_link_of_another_organisation_is_dead_although_the_same_row_is_here(acme, globex, owner, stranger, visitor):
    with within(acme):
        HandOff.objects.create(pk=KEY, user=owner)
    with within(globex):
        path = HandOff.objects.create(pk=KEY, user=stranger).path
    assert visitor.get(path).status_code == 410
    assert who(visitor) is None
    with within(acme):
        assert HandOff.objects.filter(pk=KEY).exists()


def test_link_of_somebody_deactivated_meanwhile_is_dead(acme, visitor, link, reader):
    path = link(reader)
    with within(acme):
        User.objects.filter(pk=reader.pk).update(is_active=False)
    assert visitor.get(path).status_code == 410
    assert who(visitor) is None


def test_value_signed_for_something_else_is_no_link(acme, visitor, owner):
    with within(acme):
        HandOff.objects.create(pk=KEY, user=owner)
        token = signing.dumps(str(KEY), salt="invitation")
    assert visitor.get(f"/hand-off/{token}/").status_code == 410


@pytest.mark.parametrize("token", ["garbage", "a:b:c", "%00", "x" * 5000, "é"])
def test_garbage_is_dead(visitor, token):
    assert visitor.get(f"/hand-off/{token}/").status_code == 410


def test_neither_answer_is_kept_or_told_on(visitor, link, reader):
    path = link(reader)
    for response in (visitor.get(path), visitor.get(path)):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"


def test_links_that_nobody_used_are_swept_away(acme, visitor, owner, link, reader):
    with within(acme):
        old = HandOff.objects.create(user=owner)
        HandOff.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(seconds=61))
    visitor.get(link(reader))
    with within(acme):
        assert not HandOff.objects.filter(pk=old.pk).exists()


def test_of_ten_who_try_at_once_one_gets_in(new_tenant):
    tenant = new_tenant("hand-off-club")
    with within(tenant):
        path = HandOff.objects.create(user=User.objects.get()).path
    tries = [lambda: SiteClient(tenant).get(path).status_code] * 10
    assert sorted(at_once(tenant, *tries)) == [302] + [410] * 9
