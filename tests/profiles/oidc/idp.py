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

PERSON: dict[str, Any] = {"sub": "00u1", "email": "reader@acme.example", "email_verified": True, "name": "Rita Reader"}


class Stay(HTTPRedirectHandler):
    def http_error_302(self, _request: Any, answer: Any, *_more: Any) -> Any:
        return answer


class There:
    """A provider as a browser sees it."""

    def __init__(self, address: str, callbacks: list[str]) -> None:
        self.address, self.callbacks = address, callbacks

    def back(self, there: Any) -> str:
        """The path with which the provider sends a browser back that was redirected there."""
        assert there.url.startswith(f"{self.address}/"), there.url
        with build_opener(Stay).open(there.url) as answer:
            found = urlsplit(answer.headers["Location"])
        assert found._replace(query="").geturl() in self.callbacks
        return f"{found.path}?{found.query}"

    def sign_in(self, browser: Any, begin: str = "/account/single-sign-on/") -> Any:
        """There and back; returns the page on which it ends."""
        return browser.get(self.back(browser.get(begin)), follow=True)


class Idp(There):
    """The provider of provider.py, as the tests tell it what to say."""

    def __init__(self, address: str, callbacks: list[str]) -> None:
        super().__init__(address, callbacks)
        self.says()

    def says(self, **said: Any) -> None:
        body = json.dumps({"person": PERSON, "callbacks": self.callbacks} | said).encode()
        request = Request(f"{self.address}/said/", body, method="PUT")  # noqa: S310  the address is the process's own
        build_opener().open(request).close()


@cache
def address(port: int = 0) -> str:
    """Starts the provider, which ends with this process."""
    command = [sys.executable, "-m", "tests.profiles.oidc.provider", str(port)]
    pipe = subprocess.PIPE
    running = subprocess.Popen(command, cwd=Path(__file__).parents[3], stdin=pipe, stdout=pipe, text=True)
    atexit.register(running.kill)
    assert running.stdout is not None
    return running.stdout.readline().strip()
