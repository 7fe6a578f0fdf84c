"""Where a member is signed in, and how the other places are signed out."""

import time
from datetime import timedelta
from hashlib import sha256

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.models import Session
from profiles.sign_in.session_store import SEEN, SessionStore
from profiles.sign_in.user_agents import in_words
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.profiles.sign_in.pages import TO_LOGIN, check, send_nonsense

SESSIONS = "/account/sessions/"
CHANGE, SECURITY = "/account/password/change/", "/account/security/"
NEW = "a different battery staple"
WINDOWS, MAC = "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7"
WEBKIT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko)"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def browser(acme):
    """Signs a member in by the page, in a browser of its own."""

    def sign_in(user, name="Firefox", tenant=acme):
        client = SiteClient(tenant, HTTP_USER_AGENT=name)
        assert client.post("/account/login/", {"login": user.username, "password": PASSWORD}).status_code == 302
        return client

    return sign_in


def is_signed_in(client):
    return client.get("/account/email/").status_code == 200


@pytest.mark.parametrize("who", ["visitor", "reader"])
def test_the_page_is_in_our_look(acme, reader, as_user, who):
    page = as_user(reader).get(SESSIONS) if who == "reader" else SiteClient(acme).get(SESSIONS)
    check(page, 200 if who == "reader" else TO_LOGIN)
    send_nonsense(as_user(reader), SESSIONS)


def test_member_sees_each_browser_and_which_one_this_is(browser, reader):
    browser(reader, PHONE)
    browser(reader, "A browser of her own")
    page = browser(reader, DESK).get(SESSIONS).content.decode()
    assert "Safari on iPhone" in page
    assert "Firefox on Linux" in page
    assert "A browser of her own" in page
    assert "Mozilla" not in page
    assert page.count("This browser") == 1


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Safari on iPhone"),
        (DESK, "Firefox on Linux"),
        (f"{WEBKIT} Chrome/131.0.0.0 Safari/537.36".replace("X11; Linux x86_64", WINDOWS), "Chrome on Windows"),
        (f"{WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0".replace("X11; Linux x86_64", MAC), "Edge on macOS"),
        (f"{WEBKIT} Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0", "Opera on Linux"),
        (f"{WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36".replace("X11; Linux x86_64", "Linux; Android 10; K"),
         "Chrome on Android"),
        (f"{WEBKIT} SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36".replace("X11", "Android"),
         "Samsung Internet on Android"),
        (f"{WEBKIT} Version/18.1 Safari/605.1.15".replace("X11; Linux x86_64", MAC), "Safari on macOS"),
        ("curl/8.9.1", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_browsers_have_the_names_that_people_know(user_agent, words):
    assert in_words(user_agent) == words


def name_of(client):
    return sha256(client.cookies[settings.SESSION_COOKIE_NAME].value.encode()).hexdigest()[:32]


def test_member_signs_one_of_them_out(acme, browser, reader):
    phone, tablet, desk = browser(reader), browser(reader), browser(reader)
    path = f"{SESSIONS}{name_of(phone)}/end/"
    assert "You signed that browser out." in desk.post(path, follow=True).content.decode()
    assert [is_signed_in(each) for each in (phone, tablet, desk)] == [False, True, True]
    assert "already signed out" in desk.post(path, follow=True).content.decode()


def test_a_colleagues_browser_is_not_there_to_be_signed_out(acme, browser, reader, editor):
    theirs = browser(editor)
    browser(reader).post(f"{SESSIONS}{name_of(theirs)}/end/")
    assert is_signed_in(theirs)


def test_what_has_ended_is_not_on_the_list(acme, browser, reader):
    phone, desk = browser(reader, PHONE), browser(reader, DESK)
    with within(acme):
        Session.objects.filter(session_key=phone.cookies[settings.SESSION_COOKIE_NAME].value).update(
            expire_date=timezone.now()
        )
    assert "Safari on iPhone" not in desk.get(SESSIONS).content.decode()


def test_the_overview_counts_those_on_the_list(acme, browser, reader):
    """Not one that has expired, and none from before a new password: their rows stay until the night."""
    phone, _tablet, desk = browser(reader, PHONE), browser(reader), browser(reader, DESK)
    with within(acme):
        Session.objects.filter(session_key=phone.cookies[settings.SESSION_COOKIE_NAME].value).update(
            expire_date=timezone.now()
        )
    assert "2 browsers are signed in to your account" in desk.get(SECURITY).content.decode()
    assert change_password(desk).status_code == 302
    assert "1 browser is signed in to your account" in desk.get(SECURITY).content.decode()


def test_last_seen_is_when_the_browser_was_last_used(acme, browser, reader):
    phone, desk = browser(reader, PHONE), browser(reader, DESK)
    with within(acme):
        store = SessionStore(phone.cookies[settings.SESSION_COOKIE_NAME].value)
        store[SEEN] = time.time() - 3 * 3600
        store.save()
    row = next(each for each in desk.get(SESSIONS).context["sessions"] if each.browser == "Safari on iPhone")
    assert timedelta(hours=3) <= timezone.now() - row.seen < timedelta(hours=4)


def test_member_signs_the_others_out_and_stays(browser, reader):
    phone, desk = browser(reader), browser(reader)
    assert desk.post(SESSIONS).status_code == 302
    assert is_signed_in(desk)
    assert not is_signed_in(phone)


def test_no_one_else_is_signed_out(browser, reader, editor, stranger, globex):
    colleague, next_door = browser(editor), browser(stranger, tenant=globex)
    browser(reader)
    browser(reader).post(SESSIONS)
    assert is_signed_in(colleague)
    assert is_signed_in(next_door)


def test_member_does_not_see_a_colleagues_browser(browser, reader, editor):
    browser(editor, "The editor's Opera")
    assert "Opera" not in browser(reader).get(SESSIONS).content.decode()


def test_a_browsers_name_is_text_and_may_be_long(browser, reader):
    page = browser(reader, "<script>alert(1)</script>" + "x" * 5000).get(SESSIONS).content.decode()
    assert "<script>alert" not in page


def test_signing_out_takes_the_line_off_the_list(acme, browser, reader):
    browser(reader).post("/account/logout/")
    browser(reader).get(SESSIONS)
    with within(acme):
        assert Session.objects.filter(user=reader).count() == 1


def change_password(client, old=PASSWORD, new=NEW):
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_a_new_password_signs_the_others_out_and_keeps_this_one(browser, reader):
    phone, desk = browser(reader), browser(reader)
    assert change_password(desk).status_code == 302
    assert is_signed_in(desk)
    assert not is_signed_in(phone)


def test_a_new_password_takes_the_old_one(acme, browser, reader):
    client = browser(reader)
    response = change_password(client, old="wrong")
    assert response.status_code == 200
    assert "current password" in response.content.decode()
    with within(acme):
        reader.refresh_from_db()
        assert reader.check_password(PASSWORD)


def test_guessing_the_old_password_is_limited(browser, reader):
    client = browser(reader)
    for _ in range(5):
        change_password(client, old="wrong")
    assert change_password(client).status_code == 429


def test_member_is_told_of_a_new_password_by_mail(browser, reader, run_jobs, mailoutbox):
    change_password(browser(reader))
    run_jobs()
    assert mailoutbox[-1].to == ["reader@acme.example"]
    assert mailoutbox[-1].subject == "Your password was changed – Acme"


@pytest.mark.parametrize("sessions", [1, 3])
def test_queries(browser, reader, sessions):
    for _ in range(sessions - 1):
        browser(reader)
    client = browser(reader)
    client.get(SESSIONS)
    with CaptureQueriesContext(connection) as captured:
        client.get(SESSIONS)
    assert len([query for query in captured if not query["sql"].startswith("SELECT set_config(")]) == 3
