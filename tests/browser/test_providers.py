"""A member signs in with a provider in Chromium: linked once by the password, and without it from then on.

The organisations of the product that runs anyway are served by a second process, in which the provider is set up.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext

from profiles.testing import needs
from tests.browser.conftest import DESKTOP, ROOT, Person, Product, free_port
from tests.profiles.oidc.idp import Idp, address
from tests.profiles.oidc.provider import CLIENT, SECRET

pytestmark = [pytest.mark.slow, needs("profiles.providers")]


@pytest.fixture
def second(product: Product) -> Iterator[Product]:
    second = Product(free_port(), product.data, product.provider)
    provider = {
        "OIDC_ISSUER": address(),
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "Keycloak",
    }
    command = [sys.executable, "manage.py", "runserver", "--noreload", str(second.port)]
    environment, quiet = second.environment() | provider, subprocess.DEVNULL
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        wait_for(second)
        yield second
    finally:
        running.terminate()
        running.wait(30)


def wait_for(product: Product) -> None:
    for _attempt in range(300):
        try:
            return urlopen(product.at(path="/health/")).close()  # noqa: S310  our own address
        except URLError:
            time.sleep(0.1)
    pytest.fail("The second process did not start.")


@pytest.fixture
def rita(chromium: Browser, second: Product) -> Iterator[Callable[[], Person]]:
    contexts: list[BrowserContext] = []

    def rita() -> Person:
        contexts.append(chromium.new_context(viewport=DESKTOP, locale="en-GB"))
        return Person(contexts[-1], second)

    yield rita
    for context in contexts:
        context.close()


def test_reader_links_the_account_once_by_the_password_and_signs_in_without_it_then(
    second: Product, rita: Callable[[], Person]
) -> None:
    Idp(address(), [second.at(path="/providers/oidc/callback/")])
    first = rita()
    first.open("acme", "/account/login/?next=/people/")
    first.page.get_by_role("link", name="Sign in with Keycloak").click()
    first.sees("Sign in once in another way, as reader@acme.example")
    first.fill(login="reader@acme.example", password="demo-password")
    first.page.locator("form:has([name=password]) button").first.click()
    first.sees("From now on you can sign in with Keycloak.")
    assert first.path == "/people/"

    later = rita()
    later.open("acme", "/account/login/")
    later.page.get_by_role("link", name="Sign in with Keycloak").click()
    later.page.wait_for_url("http://acme.localhost:*/")
    later.open("acme", "/account/providers/")
    later.page.get_by_role("link", name="Unlink Keycloak").click()
    later.press("Unlink")
    later.sees("Your Keycloak account is unlinked.")
    assert first.complaints + later.complaints == []
