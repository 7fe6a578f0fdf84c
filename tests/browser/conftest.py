"""The product as people meet it: `python -m config.run` on a fresh database, in a real Chromium."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect, sync_playwright

from config.bundled.server import Server
from profiles.testing import needs
from tests.browser.chromium import CHROMIUM, OPTIONS
from tests.processes import lives

ROOT = Path(__file__).parents[2]
READY_SECONDS = 90


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run them first: pytest-xdist gives them all to one process then, and the product starts once."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here not in item.path.parents)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark them at once: pytest has chosen by `-m` before it sorts them."""
    item.add_marker(pytest.mark.browser)
    item.add_marker(needs("profiles.demo"))
    if CHROMIUM is None:
        item.add_marker(pytest.mark.skip(reason="no Chromium found; set CHROMIUM to its path"))


@dataclass(frozen=True)
class Product:
    """A running product: `at("acme", "/people/")` is an address in it."""

    port: int
    data: Path
    provider: int  # the port of the OpenID Connect provider, which a story starts

    def at(self, slug: str = "", path: str = "/") -> str:
        host = f"{slug}.localhost" if slug else "localhost"
        return f"http://{host}:{self.port}{path}"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "PORT": str(self.port),
            "BUNDLED_DATA": str(self.data / "postgres"),
            "MEDIA_ROOT": str(self.data / "media"),
            "MAILBOX_DIR": str(self.data / "mail"),
            "PSEUDO_LOCALE": "1",
            "OWN_SIGN_IN_HTTP": "1",
            "OWN_SIGN_IN_NETWORKS": "127.0.0.1/32",
            "OWN_SIGN_IN_PORTS": str(self.provider),
        }

    def manage(self, *words: str) -> str:
        """What a command of `manage.py` prints, beside the product that runs."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(), stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    """Started by the command behind `make run`, with data of its own. Ctrl-C ends it, and leaves nothing running."""
    # Not below pytest's own folder, which another run of pytest closes for the account that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as data:
        yield from running(Path(data))


def running(data: Path) -> Iterator[Product]:
    product = Product(free_port(), data, provider=free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "config.run"], cwd=ROOT, env=product.environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ready"):
            break
    else:
        pytest.fail("The product did not start:\n" + "".join(lines))
    started = psutil.Process(process.pid).children(recursive=True)
    try:
        yield product
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert not [each for each in started if lives(each)]
    assert not Server(data / "postgres").answers()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Started once: it can be only once in a process. Until it ends, Django's ORM refuses to work in this process."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Started once, which takes a second. People do not share anything in it: each has a context of their own."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
    yield browser
    browser.close()


PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


class Person:
    """A person at a browser of their own; whatever the page complains of in the console fails the test."""

    def __init__(self, context: BrowserContext, product: Product) -> None:
        self.product = product
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        # Pages that are refused on purpose are reported by Chromium as failed loads.
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.complaints.append(text)

    def open(self, slug: str = "", path: str = "/") -> int:
        response = self.page.goto(self.product.at(slug, path))
        assert response is not None
        return response.status

    def fetch(self, path: str) -> bytes:
        """What is at a path of the site that is open, as this browser is sent it."""
        script = "path => fetch(path).then(answer => answer.arrayBuffer()).then(data => [...new Uint8Array(data)])"
        return bytes(self.page.evaluate(script, path))

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").last.fill(value)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=re.compile(label, re.IGNORECASE)).first.click()

    def sign_in(self, slug: str, login: str, password: str = "demo-password") -> None:  # noqa: S107  the demo's
        self.open(slug, "/account/login/")
        self.fill(login=login, password=password)
        self.page.locator("form:has([name=password]) button").first.click()

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def sees(self, text: str) -> None:
        """Now, or when the page has come that a click asked for."""
        expect(self.page.locator("body")).to_contain_text(text)


@pytest.fixture(params=["desktop", "phone"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    return PHONE if request.param == "phone" else DESKTOP


@pytest.fixture
def new_person(chromium: Browser, product: Product, viewport: ViewportSize) -> Iterator:
    """Opens a new browser for each person: `ada = new_person()`."""
    contexts: list[BrowserContext] = []
    people: list[Person] = []

    def make(**options: Any) -> Person:
        contexts.append(chromium.new_context(**{"viewport": viewport, "locale": "en-GB", **options}))
        people.append(Person(contexts[-1], product))
        return people[-1]

    yield make
    for context in contexts:
        context.close()
    assert [complaint for each in people for complaint in each.complaints] == []
