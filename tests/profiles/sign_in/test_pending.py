"""A request that waits for the password: named on the page, done once, in the browser that sent it, within minutes."""

import pytest
from allauth.account.models import EmailAddress
from django.utils.html import escape

from profiles.models import Session, User
from profiles.sign_in.pending import KEY, LONGEST, SECONDS
from profiles.testing import PASSWORD, SiteClient, person
from tenants.context import within

MAKE_OWNER = ("/members/reader/role/", {"role": "owner"})
EXPIRED = "Nothing was changed: your request had expired."


@pytest.fixture
def browser(as_user, owner):
    """Where the owner is signed in."""
    return as_user(owner)


def ask(browser, path=MAKE_OWNER[0], data=MAKE_OWNER[1]):
    """Send it; returns where the password is asked for."""
    where = browser.post(path, data)["Location"]
    assert where.startswith("/account/reauthenticate/")
    return where


def confirm(browser, where):
    return browser.post(where, {"password": PASSWORD}, follow=True)


def thief_of(browser):
    """Another browser with a copy of the session's cookie."""
    thief = SiteClient(browser.tenant)
    thief.cookies["session"] = browser.cookies["session"].value
    return thief


def make_older(browser, seconds):
    with within(browser.tenant):
        session = browser.session
        session[KEY] = session[KEY] | {"at": session[KEY]["at"] - seconds}
        session.save()


def role(acme, username="reader"):
    return person(acme, username).role


@pytest.fixture
def second(acme):
    """Another owner."""
    with within(acme):
        return User.objects.create_user("second", "second@acme.example", PASSWORD, role="owner", first_name="Sue")


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        (*MAKE_OWNER, "Make Rita Reader (reader) an owner"),
        ("/members/second/role/", {"role": "admin"}, "Make Sue (second) an admin"),
        ("/members/second/deactivate/", {}, "Deactivate Sue (second)"),
        ("/members/second/remove/", {}, "Remove Sue (second)"),
        ("/members/invitations/new/", {"email": "n@new.example", "role": "owner"}, "Invite n@new.example as an owner"),
        ("/settings/", {"name": "Acme", "slug": "apex"}, "Change the address of Acme to “apex”"),
        ("/leave/", {}, "Leave Acme and delete your account"),
        (
            "/account/email/",
            {"email": "o@new.example", "action_add": ""},
            "Change your email address to o@new.example",
        ),
    ],
)
def test_the_page_says_what_will_be_done(browser, second, path, data, words):
    assert f"<strong>{words}</strong>" in browser.get(ask(browser, path, data)).content.decode()


def test_a_name_is_shown_as_text(acme, browser):
    with within(acme):
        User.objects.filter(username="reader").update(first_name="<b>Olga</b>")
    html = browser.get(ask(browser)).content.decode()
    assert escape("<b>Olga</b>") in html
    assert "<b>Olga" not in html


def test_it_is_done_once(acme, browser):
    where = ask(browser)
    assert "Rita Reader now has the role Owner." in confirm(browser, where).content.decode()
    with within(acme):
        User.objects.filter(username="reader").update(role="reader")
    confirm(browser, where)
    assert role(acme) == "reader"


def test_what_a_thief_planted_is_neither_named_nor_done(acme, browser):
    where = ask(thief_of(browser))
    assert "Rita" not in browser.get(where).content.decode()
    assert EXPIRED in confirm(browser, where).content.decode()
    assert role(acme) == "reader"


def test_what_a_thief_puts_in_its_place_is_not_done(acme, browser):
    where = ask(browser, "/members/editor/role/", {"role": "owner"})
    ask(thief_of(browser))
    assert EXPIRED in confirm(browser, where).content.decode()
    assert (role(acme), role(acme, "editor")) == ("reader", "editor")


def test_a_thief_shares_nothing_that_the_owner_confirmed(acme, browser):
    """Not even the minutes in which the password is not asked for again: the copied cookie is worth nothing."""
    thief = thief_of(browser)
    assert thief.get("/people/").status_code == 200
    confirm(browser, ask(browser))
    assert thief.post("/members/editor/role/", {"role": "owner"})["Location"].startswith("/account/login/")
    assert browser.get("/people/").status_code == 200


def test_the_session_stays_the_members_under_its_new_key(acme, visitor):
    visitor.post("/account/login/", {"login": "owner", "password": PASSWORD})
    confirm(visitor, "/account/reauthenticate/")
    with within(acme):
        [session] = Session.objects.filter(user=person(acme, "owner"), ip="127.0.0.1")
    assert session.session_key == visitor.cookies["session"].value


def test_it_is_forgotten_after_a_few_minutes(acme, browser):
    where = ask(browser)
    make_older(browser, SECONDS + 1)
    assert "Rita" not in browser.get(where).content.decode()
    assert EXPIRED in confirm(browser, where).content.decode()
    assert role(acme) == "reader"


def test_it_is_done_at_its_own_address_only(acme, browser):
    ask(browser)
    confirm(browser, "/account/reauthenticate/?next=/members/editor/role/")
    assert (role(acme), role(acme, "editor")) == ("reader", "editor")


def test_a_later_request_takes_the_place_of_an_earlier_one(acme, browser):
    first = ask(browser)
    ask(browser, "/members/editor/role/", {"role": "owner"})
    confirm(browser, first)
    assert (role(acme), role(acme, "editor")) == ("reader", "editor")


def test_the_cookie_goes_nowhere_else(browser):
    ask(browser)
    cookie = browser.cookies["pending"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", SECONDS)


def test_a_long_request_is_not_kept(acme, browser):
    where = ask(browser, data=MAKE_OWNER[1] | {"more": "x" * LONGEST})
    with within(acme):
        assert KEY not in browser.session
    confirm(browser, where)
    assert role(acme) == "reader"


def test_what_the_page_cannot_name_is_not_kept(acme, browser):
    """Its own page is shown anew."""
    with within(acme):
        EmailAddress.objects.create(user=person(acme, "owner"), email="o@new.example", verified=True)
    where = ask(browser, "/account/email/", {"email": "o@new.example", "action_remove": "", "password": "typed"})
    with within(acme):
        assert KEY not in browser.session
        assert "typed" not in str(dict(browser.session.items()))
    assert confirm(browser, where).request["PATH_INFO"] == "/account/email/"
