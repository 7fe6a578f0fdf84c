"""A member's key, and the pages at which it is used."""

import pytest

from profiles.passkeys.testing.keys import Key
from tenants.context import within

ADD = "/account/passkeys/add/"
SIGN_IN = "/account/passkeys/sign-in/"
AS_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def key(acme):
    """Not used yet."""
    return Key(acme.url(""))


@pytest.fixture
def keyed(acme, key, client, verified):
    """The reader, who has added the key."""
    add(client, key)
    return verified


def add(browser, key, name="My phone"):
    options = browser.get(ADD).context["options"]["publicKey"]
    return browser.post(ADD, {"name": name, "credential": key.create(options)})


def options_at(browser):
    """What the script of the sign-in page gets."""
    return browser.get(SIGN_IN, headers=AS_SCRIPT).json()["request_options"]["publicKey"]


def sign_in(browser, key, member, **signed):
    answer = key.get(options_at(browser), member=member.pk, **signed)
    return browser.post(SIGN_IN, {"credential": answer}, follow=True)


def is_in(browser, tenant):
    with within(tenant):
        return "_auth_user_id" in browser.session
