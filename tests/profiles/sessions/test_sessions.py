"""Where a member is signed in, and how the other places are signed out."""

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.profiles.sign_in.pages import TO_LOGIN, check, send_nonsense

SESSIONS = "/account/sessions/"
CHANGE = "/account/password/change/"
NEW = "a different battery staple"


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
    browser(reader, "Safari on a phone")
    page = browser(reader, "Firefox at the desk").get(SESSIONS).content.decode()
    assert "Safari on a phone" in page
    assert "Firefox at the desk" in page
    assert page.count("This browser") == 1


def test_member_signs_the_others_out_and_stays(browser, reader):
    phone, desk = browser(reader), browser(reader)
    assert desk.post(SESSIONS).status_code == 302
    assert is_signed_in(desk)
    assert not is_signed_in(phone)


def test_nobody_else_is_signed_out(browser, reader, editor, stranger, globex):
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
        assert UserSession.objects.filter(user=reader).count() == 1


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


@pytest.mark.parametrize(("sessions", "queries"), [(1, 6), (3, 12)])
def test_queries(browser, reader, sessions, queries):
    """allauth looks after each session of the member's own: three queries each."""
    for _ in range(sessions - 1):
        browser(reader)
    client = browser(reader)
    client.get(SESSIONS)
    with CaptureQueriesContext(connection) as captured:
        client.get(SESSIONS)
    assert len([query for query in captured if not query["sql"].startswith("SELECT set_config(")]) == queries
