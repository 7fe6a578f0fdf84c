"""The provider, in a second process on loopback, and an organisation that signs in there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from profiles.own_sign_in.discovery import discover
from profiles.own_sign_in.models import Provider, State
from shared.encryption import encrypt
from tenants.context import within
from tests.profiles.own_sign_in.provider import CLIENT, SECRET

CALLBACK = "/account/single-sign-on/callback/"
PERSON = {"sub": "00u1", "email": "reader@acme.example", "email_verified": True, "name": "Rita Reader"}


class Stay(HTTPRedirectHandler):
    def http_error_302(self, _request: Any, answer: Any, *_more: Any) -> Any:
        return answer


class Idp:
    """The provider as a browser sees it, and as the tests tell it what to say."""

    def __init__(self, address: str, callbacks: list[str]) -> None:
        self.address, self.callbacks = address, callbacks
        self.says()

    def says(self, **said: Any) -> None:
        body = json.dumps({"person": PERSON, "callbacks": self.callbacks} | said).encode()
        request = Request(f"{self.address}/said/", body, method="PUT")  # noqa: S310  the address is the process's own
        build_opener().open(request).close()

    def back(self, there: Any) -> str:
        """The path with which the provider sends a browser back that was redirected there."""
        assert there.url.startswith(f"{self.address}/"), there.url
        with build_opener(Stay).open(there.url) as answer:
            found = urlsplit(answer.headers["Location"])
        assert found.path == CALLBACK
        return f"{found.path}?{found.query}"

    def sign_in(self, browser: Any, begin: str = "/account/single-sign-on/") -> Any:
        """There and back; returns the page on which it ends."""
        return browser.get(self.back(browser.get(begin)), follow=True)


@pytest.fixture(scope="session")
def process() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.profiles.own_sign_in.provider"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.kill()


@pytest.fixture
def idp(process, settings, acme, globex) -> Idp:
    settings.OWN_SIGN_IN_HTTP, settings.OWN_SIGN_IN_NETWORKS = True, ["127.0.0.1/32"]
    settings.OWN_SIGN_IN_PORTS = [443, urlsplit(process).port]
    return Idp(process, [acme.url(CALLBACK), globex.url(CALLBACK)])


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
