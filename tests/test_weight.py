"""What a browser has to fetch for a page when it comes for the first time, compressed as in production."""

import gzip
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

from profiles.testing import SiteClient, facts

MOST_BYTES = 110_000
MOST_REQUESTS = 12  # With the page itself.
# Not pictures that wait until they are scrolled to.
LINKED = re.compile(r'<(?:link|script|img)(?![^>]*loading="lazy")[^>]*(?:href|src)="([^"]+)"')


def browsed(viewer: str) -> list[str]:
    return [path for pages in facts.pages() for path in getattr(pages, "BROWSED", {}).get(viewer, [])]


def test_every_page_is_light(as_user, acme, owner):
    member, visitor = as_user(owner), SiteClient(acme)
    pages = [(visitor, path) for path in browsed("visitor")] + [(member, path) for path in browsed("owner")]
    assert len(pages) > 20
    heavy = [fault for browser, path in pages for fault in faults(browser, path)]
    assert heavy == []


def faults(browser: SiteClient, path: str) -> list[str]:
    page = browser.get(path)
    linked = set(LINKED.findall(page.content.decode()))
    sizes = [len(gzip.compress(page.content)), *(weight(browser, url) for url in linked)]
    assert sum(sizes) > 40_000  # It was all found.
    found = [f"{path} asks {len(sizes)} times: {sorted(linked)}"] if len(sizes) > MOST_REQUESTS else []
    return [*found, f"{path} has {sum(sizes)} bytes"] if sum(sizes) > MOST_BYTES else found


def weight(browser: SiteClient, url: str) -> int:
    if url.startswith("/static/"):
        return static_weight(url.removeprefix("/static/"))
    return 0 if url.startswith("data:") else len(gzip.compress(browser.get(url).getvalue()))


@cache
def static_weight(name: str) -> int:
    found = finders.find(name)
    assert found, name
    return len(gzip.compress(Path(found).read_bytes()))
