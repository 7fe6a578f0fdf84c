"""Every address that allauth brings, for a visitor and for a member: in our look, or not there at all."""

import re

import pytest
from allauth.account.models import EmailAddress

from profiles.sign_in.verification import ask_to_verify
from tenants.context import within
from tests.daily import part_each_day
from tests.profiles.sign_in.pages import HOME, KEY, LOGIN, TO_LOGIN, addresses, check, send_nonsense

# Address: what a visitor, a member, and a member who has just confirmed the password get: a status, or a redirect.
PAGES = {
    "login/": (200, HOME, HOME),
    "logout/": (LOGIN, 200, 200),
    "inactive/": (200, 200, 200),
    "signup/": (200, HOME, HOME),
    "reauthenticate/": (TO_LOGIN, 200, 200),
    "email/": (TO_LOGIN, 200, 200),
    "confirm-email/": (200, 200, 200),
    f"confirm-email/{KEY}/": (200, 200, 200),
    "password/change/": (TO_LOGIN, 200, 200),
    "password/set/": (TO_LOGIN, "/account/password/change/", "/account/password/change/"),
    "password/reset/": (200, 200, 200),
    "password/reset/done/": (200, 200, 200),
    f"password/reset/key/1-{KEY}/": (200, 200, 200),
    "password/reset/key/done/": (200, 200, 200),
    "login/code/confirm/": (LOGIN, HOME, HOME),
}


def test_each_address_has_a_row_here():
    assert addresses("allauth.account.urls") == set(PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_visitor(visitor, address):
    check(visitor.get(f"/account/{address}"), PAGES[address][0])


@pytest.mark.parametrize("address", part_each_day(PAGES))
def test_member(verified, as_user, address):
    check(as_user(verified).get(f"/account/{address}"), PAGES[address][1])


@pytest.mark.parametrize("address", PAGES)
def test_member_who_gave_the_password_just_now(client, address):
    check(client.get(f"/account/{address}"), PAGES[address][2])


def test_a_form_with_errors_is_ours_too(visitor, client):
    for response in (
        visitor.post(LOGIN, {}),
        visitor.post("/account/password/reset/", {}),
        client.post("/account/password/change/", {}),
        client.post("/account/email/", {"action_add": "", "email": "x"}),
        client.post("/account/reauthenticate/", {"password": "x"}),
    ):
        check(response, 200)
        assert "errorlist" in response.content.decode()


def test_the_link_in_a_verification_mail(acme, reader, visitor, run_jobs, mailoutbox):
    with within(acme):
        ask_to_verify(EmailAddress.objects.create(user=reader, email=reader.email, primary=True))
    run_jobs()
    (path,) = re.findall(r"/account/confirm-email/\w+/", mailoutbox[-1].body)
    response = visitor.get(path)
    check(response, 200)
    assert reader.email in response.content.decode()


def test_the_link_in_a_reset_mail(visitor, run_jobs, mailoutbox):
    visitor.post("/account/password/reset/", {"email": "reader@acme.example"})
    run_jobs()
    (path,) = re.findall(r"/account/password/reset/key/\S+", mailoutbox[-1].body)
    check(visitor.get(path, follow=True), 200)


def test_somebody_without_a_password_may_set_one(acme, reader, as_user):
    with within(acme):
        reader.set_unusable_password()
        reader.save()
    client = as_user(reader)
    check(client.get("/account/password/set/"), 200)
    new = "a different battery staple"
    assert client.post("/account/password/set/", {"password1": new, "password2": new}).status_code == 302
    with within(acme):
        reader.refresh_from_db()
        assert reader.check_password(new)


@pytest.mark.parametrize("address", ["", "login/code/", "3rdparty/", "phone/change/"])
def test_what_we_do_not_offer_is_not_there(visitor, address):
    response = visitor.get(f"/account/{address}")
    assert response.status_code in (302, 404)
    if response.status_code == 302:
        assert response["Location"].startswith(LOGIN)


def test_on_the_public_site_there_are_no_accounts(public_client):
    assert public_client.get(LOGIN).status_code == 404


@pytest.mark.parametrize(
    "address", part_each_day([*PAGES, "password/reset/key/zzzzzzzzzzzzz-x/", "password/reset/key/0-set-password/"])
)
def test_nonsense_breaks_no_page(client, visitor, address):
    for browser in (client, visitor):
        send_nonsense(browser, f"/account/{address}")
