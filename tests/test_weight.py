"""What a browser has to fetch for a page when it comes for the first time, compressed as in production."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from profiles.testing import SiteClient

MOST_BYTES = 110_000
MOST_REQUESTS = 12  # With the page itself.
# Not pictures that wait until they are scrolled to.
LINKED = re.compile(r'<(?:link|script|img)(?![^>]*loading="lazy")[^>]*(?:href|src)="([^"]+)"')


@pytest.mark.parametrize("path", ["/account/login/", "/", "/people/owner/edit/", "/settings/"])
def test_a_page_is_light(as_user, acme, owner, path):
    browser = SiteClient(acme) if path == "/account/login/" else as_user(owner)
    page = browser.get(path)
    assert page.status_code == 200
    linked = set(LINKED.findall(page.content.decode()))
    parts = [page.content, *(fetched(browser, url) for url in linked)]
    assert len(parts) <= MOST_REQUESTS, sorted(linked)
    assert sum(len(gzip.compress(part)) for part in parts) <= MOST_BYTES
    assert sum(map(len, parts)) > 50_000  # It was all found.


def fetched(browser: SiteClient, url: str) -> bytes:
    if url.startswith("/static/"):
        found = finders.find(url.removeprefix("/static/"))
        assert found, url
        return Path(found).read_bytes()
    return b"" if url.startswith("data:") else browser.get(url).getvalue()
