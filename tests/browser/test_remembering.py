"""A browser remembers, over TLS as in production, where it was signed in. At localhost, it takes no such cookie."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from profiles.testing import needs
from tests.browser.chromium import CHROMIUM, OPTIONS
from tests.tls import BASE, Site, made_in, serving

pytestmark = [pytest.mark.slow, needs("profiles.finding")]


@pytest.fixture
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as folder:
        made = made_in(Path(folder))
        with serving(made):
            yield made


@pytest.fixture
def page(playwright: Playwright) -> Iterator[Page]:
    """A page of a browser that finds the base domain and all below on this machine."""
    rules = f"--host-resolver-rules=MAP {BASE} 127.0.0.1, MAP *.{BASE} 127.0.0.1"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*OPTIONS, rules])
    yield browser.new_context(ignore_https_errors=True).new_page()
    browser.close()


def sign_in(page: Page, site: Site, slug: str) -> None:
    page.goto(site.at(slug, "/account/login/"))
    page.fill("[name=login]", f"owner@{slug}.example")
    page.fill("[name=password]", "demo-password")
    page.locator("form:has([name=password]) button").first.click()
    page.wait_for_url(site.at(slug))


def test_a_browser_offers_where_it_was_signed_in_until_it_is_told_to_forget(page: Page, site: Site) -> None:
    for slug in ("globex", "acme"):
        sign_in(page, site, slug)
    page.locator("details.menu summary").click()
    expect(page.get_by_role("link", name=f"globex.{BASE}")).to_have_attribute("href", site.at("globex").rstrip("/"))

    public = site.at("acme").replace("acme.", "")
    page.goto(public)
    expect(page.get_by_role("link", name=f"acme.{BASE}")).to_be_visible()
    page.goto(f"{public}find/")
    page.get_by_role("button", name="Forget them").click()
    expect(page.get_by_role("heading", name="In this browser")).to_have_count(0)
    page.goto(public)
    expect(page.get_by_role("link", name=f"acme.{BASE}")).to_have_count(0)
