"""A browser on its way to a provider and back, by way of the base domain."""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from profiles.testing import PASSWORD
from tenants.context import within


def begin(name: str) -> str:
    return f"/account/providers/{name}/"


def passed_on(path: str) -> str:
    """The path on the organisation's host to which the base domain sends a browser that the provider has sent back."""
    answer: Any = Client(SERVER_NAME="localhost").get(path)
    assert answer.status_code == 302, answer.text
    there = urlsplit(answer.url)
    return f"{there.path}?{there.query}"


def back(there: Any, browser: Any, path: str) -> str:
    """The path with which the browser comes back to the organisation's host that goes to the provider by `path`."""
    return passed_on(there.back(browser.get(path)))


def sign_in(there: Any, browser: Any, name: str, query: str = "") -> Any:
    """Returns the page on which it ends."""
    return browser.get(back(there, browser, begin(name) + query), follow=True)


def is_in(browser: Any, tenant: Any) -> str | None:
    with within(tenant):
        return browser.session.get("_auth_user_id")


def password(browser: Any, name: str) -> Any:
    return browser.post("/account/login/", {"login": name, "password": PASSWORD}, follow=True)
