"""The provider, in a second process on loopback, and an organisation that signs in there."""

from collections.abc import Iterator
from typing import Any

import pytest

from profiles.own_sign_in.discovery import discover
from profiles.own_sign_in.models import Provider, State
from profiles.testing import PASSWORD
from shared.encryption import encrypt
from tenants.context import within
from tests.profiles.oidc.idp import Idp, address
from tests.profiles.oidc.provider import CLIENT, SECRET
from tests.profiles.own_sign_in.there import CALLBACK, allowed


@pytest.fixture
def idp(acme, globex) -> Iterator[Idp]:
    with allowed():
        yield Idp(address(), [acme.url(CALLBACK), globex.url(CALLBACK)])


@pytest.fixture
def use(idp):
    """Let an organisation sign in with the provider."""

    def use(tenant: Any, state: str = State.ON, **values: Any) -> None:
        with within(tenant):
            row = {"name": "Okta", "issuer": idp.address, "client_id": CLIENT, "state": state} | values
            Provider.objects.update_or_create(
                pk=1, defaults={"secret": encrypt(SECRET), "metadata": discover(idp.address)} | row
            )

    return use


def is_in(browser, tenant):
    with within(tenant):
        return browser.session.get("_auth_user_id")


def password(browser, name):
    return browser.post("/account/login/", {"login": name, "password": PASSWORD}, follow=True)
