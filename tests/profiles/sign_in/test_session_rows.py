"""The row of a session: whose it is, and what stays when its key changes or when an older release's tables are read."""

from importlib import import_module

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection

from profiles.models import Session
from profiles.sign_in import sessions
from profiles.sign_in.session_store import SessionStore
from profiles.testing import PASSWORD, SiteClient
from tenants.context import as_owner, within

AGENT = "A browser of her own"
moved = import_module("profiles.migrations.0021_session")


@pytest.fixture
def browser(acme):
    client = SiteClient(acme, HTTP_USER_AGENT=AGENT, REMOTE_ADDR="192.0.2.7")
    client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    return client


def row_of(browser):
    with within(browser.tenant):
        return Session.objects.get(session_key=browser.cookies["session"].value)


def is_signed_in(browser):
    return browser.get("/people/").status_code == 200


def test_it_is_the_members_who_is_signed_in(acme, browser, reader):
    row = row_of(browser)
    assert (row.user_id, row.ip, row.user_agent) == (reader.pk, "192.0.2.7", AGENT)
    browser.post("/account/logout/")
    with within(acme):
        assert not Session.objects.exists()


def test_a_visitors_is_nobodys(acme):
    with within(acme):
        store = SessionStore()
        store["basket"] = "full"
        store.save()
        assert Session.objects.get().user_id is None


@pytest.mark.parametrize("key", ["x", "", "-1", "1.5", None, 7, [], {}, "²", "9" * 19, "9" * 5000])
def test_a_member_who_cannot_be_is_nobody(acme, key):
    with within(acme):
        store = SessionStore()
        store[SESSION_KEY] = key
        store.save()
        assert Session.objects.get().user_id is None


def test_a_sign_in_can_be_ended_before_it_is_answered(acme, reader, monkeypatch):
    """As when an admin deactivates the member in this moment: what is stored last is not stored again."""
    note = sessions.note_browser

    def note_and_end(request):
        note(request)
        sessions.end_all(reader)

    monkeypatch.setattr("profiles.sign_in.receivers.note_browser", note_and_end)
    client = SiteClient(acme)
    assert client.post("/account/login/", {"login": "reader", "password": PASSWORD}).status_code == 400
    assert not is_signed_in(client)
    with within(acme):
        assert not Session.objects.exists()


@pytest.mark.parametrize("is_async", [False, True])
def test_a_new_key_keeps_the_row(acme, browser, is_async):
    before = row_of(browser)
    with within(acme):
        store = SessionStore(before.session_key)
        store.cycle_key() if not is_async else async_to_sync(store.acycle_key)()
        store.save()
        [after] = Session.objects.all()
    assert after.session_key == store.session_key != before.session_key
    assert (after.user_id, after.ip, after.created_at) == (before.user_id, before.ip, before.created_at)
    assert not is_signed_in(browser)


def test_two_that_change_the_key_at_once_go_on_in_one_row(acme, browser, reader):
    """As after a second click on the button below the password."""
    before = row_of(browser)
    with within(acme):
        first, second = SessionStore(before.session_key), SessionStore(before.session_key)
        assert first[SESSION_KEY] == second[SESSION_KEY] == str(reader.pk)
        for store in (first, second):
            store.cycle_key()
            store.save()
        [after] = Session.objects.all()
        assert first.session_key == second.session_key == after.session_key != before.session_key
        assert (after.user_id, after.ip, after.user_agent) == (reader.pk, before.ip, AGENT)
        sessions.end_all(reader)
        with pytest.raises(SessionInterrupted):
            second.save()
        assert not Session.objects.exists()


def test_two_that_change_the_key_before_either_has_stored_it_go_on_in_one_row(acme, browser, reader):
    key = browser.cookies["session"].value
    with within(acme):
        first, second = SessionStore(key), SessionStore(key)
        assert first[SESSION_KEY] == second[SESSION_KEY]
        first.cycle_key()
        second.cycle_key()
        second.save()
        first.save()
        [after] = Session.objects.all()
    assert first.session_key == second.session_key == after.session_key != key


def test_one_that_was_in_no_list_of_an_older_release_is_the_members_once_it_is_used(acme, browser, reader):
    with within(acme):
        Session.objects.update(user=None)
    assert is_signed_in(browser)
    assert row_of(browser).user_id == reader.pk


def test_members_stay_signed_in_when_an_older_releases_tables_are_taken_over(acme, browser, editor):
    """And when that release comes back: it finds all of them."""
    client = SiteClient(acme).sign_in(editor)
    with within(acme):
        visitor = SessionStore()
        visitor["basket"] = "full"
        visitor.save()
        before = list(Session.objects.order_by("session_key").values_list("session_key", "expire_date", "user"))
        with as_owner(), connection.cursor() as cursor:
            for statement in moved.CARRY_BACK:
                cursor.execute(statement)
            cursor.execute("SELECT session_key, user_id, user_agent FROM usersessions_usersession")
            listed = cursor.fetchall()
            connection.check_constraints()  # Otherwise the keys are checked at the end of the test.
            cursor.execute("TRUNCATE profiles_session")
            cursor.execute(moved.CARRY)
            cursor.execute("SELECT to_regclass('django_session'), to_regclass('usersessions_usersession')")
            assert cursor.fetchone() == (None, None)
            cursor.execute("SELECT count(*) FROM django_migrations WHERE app IN ('sessions', 'usersessions')")
            assert cursor.fetchone() == (0,)
    assert (browser.cookies["session"].value, row_of(browser).user_id, AGENT) in listed
    assert (client.cookies["session"].value, editor.pk, "") in listed
    assert is_signed_in(browser)
    assert is_signed_in(client)
    assert row_of(browser).ip == "192.0.2.7"
    with within(acme):
        rows = Session.objects.order_by("session_key").values_list("session_key", "expire_date", "user")
        assert list(rows) == before
        assert SessionStore(visitor.session_key)["basket"] == "full"
