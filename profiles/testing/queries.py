"""How many statements each page sends (testing/queries.txt of each app)."""

from typing import NamedTuple

from django.apps import AppConfig

from profiles.testing import facts
from profiles.testing.matrix import TABLE as MATRIX

TABLE = "queries.txt"
# The viewer is the owner, or the visitor where a page is not for people who are signed in.
VIEWERS = ["owner", "visitor"]
ANSWERED = {"public": ["visitor"], "organisation": ["visitor", "reader", "editor", "admin", "owner"]}


class Page(NamedTuple):
    site: str
    address: str


def pages() -> dict[Page, tuple[AppConfig, str]]:
    """Every page that answers 200 to a GET: whose it is, and who looks at it."""
    found = {}
    for row in facts.rows(MATRIX):
        address, method, *answers = row.words
        answer = dict(zip(ANSWERED[row.site], answers, strict=False))
        viewer = next((name for name in VIEWERS if answer.get(name) == "200"), None)
        if method == "GET" and viewer:
            found[Page(row.site, address)] = (row.app, viewer)
    return found


def numbers() -> dict[Page, int]:
    """The statements of each page: those of its own app, and `+1` of another that adds something to it."""
    found: dict[Page, int] = {}
    for row in facts.rows(TABLE):
        page = Page(row.site, row.words[0])
        found[page] = found.get(page, 0) + int(row.words[1])
    return found


def own() -> set[tuple[AppConfig, Page]]:
    """The pages that an app's table has the number of."""
    return {(row.app, Page(row.site, row.words[0])) for row in facts.rows(TABLE) if not row.words[1].startswith("+")}


def additions() -> set[tuple[AppConfig, Page]]:
    """The pages of others to which an app's table adds."""
    return {(row.app, Page(row.site, row.words[0])) for row in facts.rows(TABLE) if row.words[1].startswith("+")}
