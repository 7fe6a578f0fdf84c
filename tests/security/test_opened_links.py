"""Opening a link changes nothing: mail scanners open all of them, and people open those of others.

Links of an organisation whose reader signs in first, such as a notice's, are its pages: they act for that member alone.
"""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from psycopg import sql

from profiles.models import User
from profiles.testing import SiteClient, queued_jobs
from tenants.context import within
from tests.daily import part_each_day

NEW = "a different battery staple"
# These are in no mail: a redirect leads to them at once. They sign in whoever is not signed in.
REDIRECTED_TO = {"hand_off"}
# A browser that is not signed in gets a session when it opens the link for a new password: the key waits there, so that
# the page's own address tells no other site.
BESIDES = {"profiles_session"}
ROWS = sql.SQL("SELECT {}, md5(string_agg(line::text, ';' ORDER BY line::text)) FROM {} line")


def contents() -> dict[str, str]:
    """What is in each table of the current organisation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = sorted({name for (name,) in cursor.fetchall()} - BESIDES)
        cursor.execute(sql.SQL(" UNION ALL ").join(ROWS.format(name, sql.Identifier(name)) for name in tables))
        return dict(cursor.fetchall())


def who(browser: SiteClient) -> str | None:
    """The username of the member who is signed in in this browser."""
    with within(browser.tenant):
        key = browser.session.get(SESSION_KEY)
        return User.objects.get(pk=key).username if key else None


def opened(browser: SiteClient, link: str) -> dict[str, str]:
    """What the organisation has after the link was opened in both ways."""
    browser.head(link, follow=True)
    browser.get(link, follow=True)
    with within(browser.tenant):
        return {**contents(), "jobs": str([job.pk for job in queued_jobs()])}


def text_of(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


@pytest.mark.parametrize("viewer", part_each_day(["", "owner", "editor"], days=3))
def test_opening_a_link_changes_nothing(acme, links, viewer):
    """Neither for a visitor nor for another member, who stays signed in."""
    browser = SiteClient(acme)
    if viewer:
        with within(acme):
            browser.sign_in(User.objects.get(username=viewer))
    before = opened(browser, "/")
    for name, link in links.items():
        if viewer or name not in REDIRECTED_TO:
            assert opened(browser, link) == before, name
            assert who(browser) == (viewer or None), name


def test_the_member_of_a_link_stays_signed_in_too(as_user, links, reader):
    browser = as_user(reader)
    for name in ("account_confirm_email", "account_reset_password_from_key", "refuse_mail", "accept_invitation"):
        assert "This link is for" not in text_of(browser.get(links[name], follow=True)), name
        assert who(browser) == "reader"


def test_the_page_of_an_address_says_whose_link_it_is(acme, as_user, links, owner, reader):
    browser, link = as_user(owner), links["account_confirm_email"]
    page = text_of(browser.get(link))
    assert "You are signed in as Olga Owner, and stay signed in. This link is for Rita Reader (reader)." in page
    after = browser.post(link, follow=True)
    assert "You confirmed rita@new.example." in text_of(after)
    assert who(browser) == "owner"
    with within(acme):
        assert User.objects.get(pk=owner.pk).email == "owner@acme.example"
        assert User.objects.get(pk=reader.pk).email == "rita@new.example"


def test_the_page_of_a_new_password_says_whose_link_it_is(acme, as_user, links, owner, reader):
    browser = as_user(owner)
    page = browser.get(links["account_reset_password_from_key"], follow=True)
    assert "You are signed in as Olga Owner. This link sets the password of Rita Reader (reader)." in text_of(page)
    assert "Change password and sign out" in text_of(page)
    form = page.request["PATH_INFO"]
    browser.post(form, {"password1": "short", "password2": "short"})
    assert who(browser) == "owner"
    done = browser.post(form, {"password1": NEW, "password2": NEW}, follow=True)
    assert "Your password was changed" in text_of(done)
    assert who(browser) is None
    with within(acme):
        assert User.objects.get(pk=reader.pk).check_password(NEW)
        assert not User.objects.get(pk=owner.pk).check_password(NEW)
