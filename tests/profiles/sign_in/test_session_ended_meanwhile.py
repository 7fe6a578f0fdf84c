"""A session that ends while a request uses it: it does not come back, and the answer is no error of the server."""

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted

from profiles.models import HandOff, Session, User
from profiles.sign_in import sessions
from profiles.sign_in.session_store import SessionStore
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within

CONFIRM, CHANGE = "/account/reauthenticate/", "/account/password/change/"
FORMS = {
    CONFIRM: {"password": PASSWORD},
    CHANGE: {"oldpassword": PASSWORD, "password1": "Long-pass-word-9", "password2": "Long-pass-word-9"},
}


@pytest.fixture
def browser(acme):
    client = SiteClient(acme, HTTP_USER_AGENT="A browser of her own")
    client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    return client


def is_signed_in(browser):
    return browser.get("/people/").status_code == 200


def stored(browser):
    with within(browser.tenant):
        return SessionStore(browser.cookies["session"].value)


@pytest.mark.parametrize("path", FORMS)
def test_it_does_not_come_back_when_the_password_was_right(acme, browser, reader, monkeypatch, path):
    """Checking a password takes long enough for another browser to sign out all others."""
    check = User.check_password

    def check_and_end(self, password):
        is_right = check(self, password)
        sessions.end_all(reader)
        return is_right

    monkeypatch.setattr(User, "check_password", check_and_end)
    assert browser.post(path, FORMS[path]).status_code == 400
    monkeypatch.undo()
    assert not is_signed_in(browser)
    with within(acme):
        assert not Session.objects.exists()


@pytest.mark.parametrize("is_async", [False, True])
def test_it_gets_no_new_key(acme, browser, reader, is_async):
    store = stored(browser)
    with within(acme):
        assert store[SESSION_KEY] == str(reader.pk)
        sessions.end_all(reader)
        with pytest.raises(SessionInterrupted):
            store.cycle_key() if not is_async else async_to_sync(store.acycle_key)()
        assert not Session.objects.exists()


def test_one_of_another_browser_does_not_keep_it(acme, browser, reader):
    other = SiteClient(acme).sign_in(reader)
    store = stored(browser)
    with within(acme):
        assert store[SESSION_KEY] == str(reader.pk)
        Session.objects.filter(pk=store.session_key).delete()
        with pytest.raises(SessionInterrupted):
            store.cycle_key()
        [row] = Session.objects.all()
    assert row.session_key == other.cookies["session"].value


def test_a_visitors_comes_back(acme):
    """Nothing of it is a member's. Otherwise the sign-in itself would fail."""
    with within(acme):
        store = SessionStore()
        store["basket"] = "full"
        store.save()
        Session.objects.all().delete()
        store.cycle_key()
        store.save()
        assert SessionStore(store.session_key)["basket"] == "full"


def test_a_link_that_signs_the_same_member_in_does_not_bring_it_back(acme, browser, reader, monkeypatch):
    note = sessions.note_browser

    def end_and_note(request):
        sessions.end_all(reader)
        note(request)

    monkeypatch.setattr("profiles.sign_in.receivers.note_browser", end_and_note)
    with within(acme):
        path = HandOff.objects.create(user=reader).path
    assert browser.get(path).status_code == 400
    assert not is_signed_in(browser)
    with within(acme):
        assert not Session.objects.exists()


def test_what_is_stored_of_it_says_that_it_has_ended(acme, browser, reader):
    """Django's middleware knows the one error; in a view, only the other is answered with 400."""
    store = stored(browser)
    with within(acme):
        store["basket"] = "full"
        sessions.end_all(reader)
        for error in (UpdateError, SessionInterrupted):
            with pytest.raises(error):
                store.save()
            with pytest.raises(error):
                async_to_sync(store.asave)()
        assert not Session.objects.exists()
