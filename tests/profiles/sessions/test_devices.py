"""A member is told of a sign-in with a browser that they have not used before."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from profiles.models import User
from profiles.sessions.devices import MOST, SALT, cookie_name
from profiles.testing import PASSWORD, SiteClient
from profiles.testing.installed import needs
from tenants import signing
from tenants.context import within

pytestmark = needs("profiles.notices")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture(autouse=True)
def joined_long_ago(acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            User.objects.update(date_joined=timezone.now() - timedelta(days=9))


def sign_in(browser, username):
    browser.cookies.pop(settings.SESSION_COOKIE_NAME, None)  # The browser still knows who signed in before.
    assert browser.post("/account/login/", {"login": username, "password": PASSWORD}).status_code == 302


def told(tenant):
    from profiles.notices.models import Notice

    with within(tenant):
        return [(notice.to.username, notice.sentence) for notice in Notice.objects.select_related("to").order_by("pk")]


def test_the_first_time_with_a_browser_and_not_again(acme):
    browser = SiteClient(acme, HTTP_USER_AGENT=FIREFOX)
    for username in ("reader", "reader", "editor", "reader", "editor"):
        sign_in(browser, username)
    words = "New sign-in to your account with Firefox on Linux"
    assert told(acme) == [("reader", words), ("editor", words)]
    sign_in(SiteClient(acme), "reader")
    assert told(acme)[2:] == [("reader", "New sign-in to your account with an unknown browser")]


def test_who_has_just_joined_is_told_of_none(acme, reader):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(date_joined=timezone.now())
    sign_in(SiteClient(acme), "reader")
    assert told(acme) == []


ODD: list[Any] = [{"members": ["1"]}, {"members": "\0"}, {"members": "x " * 99}]


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:20])
def test_an_odd_cookie_is_none(acme, value):
    browser = SiteClient(acme)
    with within(acme):
        browser.cookies[cookie_name()] = signing.dumps(value, salt=SALT)
    sign_in(browser, "reader")
    assert [username for username, _ in told(acme)] == ["reader"]
    with within(acme):
        known = signing.loads(browser.cookies[cookie_name()].value, salt=SALT, max_age=9, shape={"members": str})
    assert len(known["members"].split()) <= MOST


def test_a_cookie_of_another_organisation_is_none(acme, globex, reader):
    browser = SiteClient(acme)
    with within(globex):
        browser.cookies[cookie_name()] = signing.dumps({"members": str(reader.pk)}, salt=SALT)
    sign_in(browser, "reader")
    assert [username for username, _ in told(acme)] == ["reader"]
    assert told(globex) == []
