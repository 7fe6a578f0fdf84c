"""The product on a cluster, in Chromium: an organisation is placed while its people are there, who notice nothing."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from config.bundled.server import LOGIN
from profiles.testing import needs
from tests.browser.chromium import CHROMIUM, OPTIONS
from tests.browser.conftest import Person, Product, new_person, running, viewport
from tests.nodes.cluster import Cluster

__all__ = ["new_person", "viewport"]
pytestmark = [
    needs("profiles.demo"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found; set CHROMIUM to its path"),
    pytest.mark.parametrize("viewport", ["desktop"], indirect=True),
]


@pytest.fixture(scope="session")
def product(cluster: Cluster) -> Iterator[Product]:
    cluster.make_database(LOGIN)
    with tempfile.TemporaryDirectory(prefix="tenantry-", ignore_cleanup_errors=True) as data:
        yield from running(Path(data))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of this file alone: the others here need Django's ORM, which does not work beside Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


def test_people_of_a_placed_organisation(product: Product, new_person: Callable[..., Person]) -> None:
    owner, reader = new_person(), new_person()
    owner.sign_in("globex", "owner@globex.example")
    owner.open("globex", "/people/")
    before = owner.page.locator("#results tbody tr").count()
    assert "is on n1" in product.manage("place_organisation", "globex", "--node", "n1")
    assert owner.open("globex", "/people/") == 200
    assert owner.page.locator("#results tbody tr").count() == before > 1
    # A form that is stored, a job that sends mail, and the neighbour on the coordinator.
    owner.open("globex", "/members/invitations/new/")
    owner.fill(email="ada@example.org", message="Come and help me.")
    owner.press("Send")
    owner.sees("ada@example.org")
    reader.sign_in("acme", "owner@acme.example")
    assert reader.open("acme", "/people/") == 200
    assert "n1" in product.manage("nodes", "--organisations")
    assert "ordinary schema" in product.manage("place_organisation", "globex", "--home")
    owner.open("globex", "/members/invitations/")
    owner.sees("ada@example.org")
