"""The bell: its number is in every page without a statement, and open pages ask for it with one."""

import re
from typing import Any

import pytest
from django.core.signing import TimestampSigner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import User
from profiles.notices import bell, unsubscribing
from profiles.testing import PASSWORD, SiteClient, person
from tenants import signing
from tenants.context import within
from tests.profiles.notices.planted import plant


def words_of(page):
    return re.findall(r'class="bell"[^>]* aria-label="([^"]*)"', page.content.decode())[0]


def address_of(page):
    return re.findall(r'data-bell="([^"]*)"', page.content.decode())[0]


@pytest.mark.parametrize(
    ("number", "words", "digits"),
    [
        (0, "Notifications", ""),
        (1, "1 unread notification", "1"),
        (99, "99 unread notifications", "99"),
        (120, "99+ unread notifications", "99+"),
    ],
)
def test_it_counts_what_this_member_has_not_read(acme, globex, reader, as_user, number, words, digits):
    plant(acme, reader, number)
    plant(acme, reader, 2, read="2026-11-27T00:00Z")
    plant(acme, reader, 2, shown=False)
    plant(acme, person(acme, "editor"), 2)
    plant(globex, reader, 2)
    page = as_user(reader).get("/people/")
    assert words_of(page) == words
    assert SiteClient(acme).get(address_of(page)).json() == {"unread": digits, "words": words}


def test_an_open_page_asks_with_one_statement_and_without_a_session(acme, reader, as_user):
    address = address_of(as_user(reader).get("/people/"))
    plant(acme, reader)
    browser = SiteClient(acme)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    [count] = [each["sql"] for each in captured if "set_config" not in each["sql"]]
    assert "notice" in count
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert not answer.cookies


def test_it_is_read_from_the_index_alone(acme, reader):
    plant(acme, reader)
    with within(acme), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        plan = User.objects.annotate(unread=bell.unread()).filter(pk=reader.pk).explain()
    assert "Index Only Scan using notice_of_member" in plan


def test_it_speaks_the_language_of_its_page(acme, reader, as_user):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(language="de")
    plant(acme, reader, 2)
    page = as_user(reader).get("/people/")
    assert words_of(page) == "2 ungelesene Benachrichtigungen"
    assert SiteClient(acme).get(address_of(page)).json()["words"] == "2 ungelesene Benachrichtigungen"


def test_former_member_is_told_no_number(acme, reader, as_user):
    address = address_of(as_user(reader).get("/people/"))
    plant(acme, reader)
    with within(acme):
        User.objects.filter(pk=reader.pk).update(is_active=False)
    assert SiteClient(acme).get(address).json()["unread"] == ""


def test_it_rings_right_after_signing_in(acme, reader):
    plant(acme, reader)
    browser = SiteClient(acme)
    page = browser.post("/account/login/", {"login": "reader", "password": PASSWORD}, follow=True)
    assert words_of(page) == "1 unread notification"


ODD: list[Any] = [
    0,
    None,
    "x",
    [],
    {},
    {"member": 1},
    {"member": "1", "language": "en"},
    {"member": 2**70, "language": "en"},
]
ODD += [{"member": 1, "language": "\0"}, {"member": 1, "language": "en", "more": 1}, {"member": 1, "kinds": ["daily"]}]


def test_odd_tokens_are_dead(acme):
    browser = SiteClient(acme)
    for value in ODD:
        with within(acme):
            rung, stopped = signing.dumps(value, salt=bell.SALT), signing.dumps(value, salt=unsubscribing.SALT)
        assert browser.get(f"/notices/unread/{rung}/").status_code == 410, value
        assert browser.post(f"/notices/stop/{stopped}/").status_code == 410, value


def test_a_language_that_is_none_is_answered_in_another(acme, reader):
    for language in ("xx", "de" * 40, "../..", "en-us; x"):
        with within(acme):
            token = signing.dumps({"member": reader.pk, "language": language}, salt=bell.SALT)
        assert SiteClient(acme).get(f"/notices/unread/{token}/").status_code == 200, language


def test_links_of_another_organisation_and_old_ones_are_dead(acme, globex, reader, monkeypatch):
    with within(globex):
        token = signing.dumps({"member": reader.pk, "language": "en"}, salt=bell.SALT)
        stop = unsubscribing.url(reader, ["daily"]).split("/")[-2]
    assert SiteClient(acme).get(f"/notices/unread/{token}/").status_code == 410
    assert SiteClient(acme).post(f"/notices/stop/{stop}/").status_code == 410
    monkeypatch.setattr(TimestampSigner, "timestamp", lambda _self: "1aaaaa")  # years ago
    with within(acme):
        token = signing.dumps({"member": reader.pk, "language": "en"}, salt=bell.SALT)
    assert SiteClient(acme).get(f"/notices/unread/{token}/").status_code == 410
