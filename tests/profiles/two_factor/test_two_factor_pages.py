"""The addresses of two-factor sign-in, for a visitor and for a member: in our look, or not there at all."""

import pytest

from profiles.testing import PASSWORD
from tests.daily import part_each_day
from tests.profiles.sign_in.pages import ASK, HOME, LOGIN, TO_LOGIN, addresses, check, send_nonsense

# What a visitor gets, what a member gets, and what one gets who gave the password just now.
PAGES = {
    "2fa/": (TO_LOGIN, 200, 200),
    "2fa/authenticate/": (LOGIN, HOME, HOME),
    "2fa/reauthenticate/": (TO_LOGIN, "/account/reauthenticate/", "/account/reauthenticate/"),
    "2fa/totp/activate/": (TO_LOGIN, ASK, 200),
    "2fa/totp/deactivate/": (TO_LOGIN, 404, 404),
    "2fa/recovery-codes/": (TO_LOGIN, 404, 404),
    "2fa/recovery-codes/generate/": (TO_LOGIN, ASK, 200),
    "2fa/recovery-codes/download/": (TO_LOGIN, 404, 404),
}


def test_each_address_has_a_row_here():
    assert {f"2fa/{address}" for address in addresses("allauth.mfa.urls") if "webauthn" not in address} == set(PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_visitor(visitor, address):
    check(visitor.get(f"/account/{address}"), PAGES[address][0])


@pytest.mark.parametrize("address", PAGES)
def test_member(verified, as_user, address):
    check(as_user(verified).get(f"/account/{address}"), PAGES[address][1])


@pytest.mark.parametrize("address", PAGES)
def test_member_who_gave_the_password_just_now(client, address):
    check(client.get(f"/account/{address}"), PAGES[address][2])


@pytest.mark.parametrize(
    "address",
    [
        "2fa/",
        "2fa/totp/deactivate/",
        "2fa/reauthenticate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "reauthenticate/",
    ],
)
def test_pages_of_two_factor_sign_in_once_it_is_on(client, protected, address):
    client.post("/account/2fa/recovery-codes/generate/")
    check(client.get(f"/account/{address}"), 200)


def test_the_second_step_of_signing_in(visitor, protected):
    response = visitor.post(LOGIN, {"login": "reader", "password": PASSWORD}, follow=True)
    check(response, 200)


def test_a_form_with_errors_is_ours_too(client):
    response = client.post("/account/2fa/totp/activate/", {"code": "x"})
    check(response, 200)
    assert "errorlist" in response.content.decode()


@pytest.mark.parametrize("address", part_each_day(PAGES))
def test_nonsense_breaks_no_page(client, visitor, address):
    for browser in (client, visitor):
        send_nonsense(browser, f"/account/{address}")


@pytest.mark.parametrize("address", ["2fa/webauthn/", "2fa/trust/"])
def test_what_we_do_not_offer_is_not_there(visitor, address):
    assert visitor.get(f"/account/{address}").status_code == 404
