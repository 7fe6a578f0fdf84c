"""The provider as a browser sees it, and as the tests tell it what to say. It is started once for all of them."""

import atexit
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.test import override_settings

CALLBACK = "/account/single-sign-on/callback/"
PERSON: dict[str, Any] = {"sub": "00u1", "email": "reader@acme.example", "email_verified": True, "name": "Rita Reader"}


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


@cache
def address(port: int = 0) -> str:
    """Starts the provider, which ends with this process."""
    command = [sys.executable, "-m", "tests.profiles.own_sign_in.provider", str(port)]
    pipe = subprocess.PIPE
    running = subprocess.Popen(command, cwd=Path(__file__).parents[3], stdin=pipe, stdout=pipe, text=True)
    atexit.register(running.kill)
    assert running.stdout is not None
    return running.stdout.readline().strip()


def allowed() -> override_settings:
    """Settings with which the product calls the provider on loopback."""
    ports = [443, urlsplit(address()).port]
    return override_settings(OWN_SIGN_IN_HTTP=True, OWN_SIGN_IN_NETWORKS=["127.0.0.1/32"], OWN_SIGN_IN_PORTS=ports)
