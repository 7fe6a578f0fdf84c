"""The number of statements of each page (testing/queries.txt of each app)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.apps import AppConfig
from django.conf import settings

from profiles.testing import facts
from profiles.testing.matrix import TABLE as MATRIX

TABLE = "queries.txt"
# The viewer is the owner, the visitor if a page is not for signed-in members, or the reader if it is for one member.
VIEWERS = ["owner", "visitor", "reader"]
ANSWERED = {"public": ["visitor"], "organisation": ["visitor", "reader", "editor", "admin", "owner"]}
ANSWERED["operators"] = ANSWERED["organisation"]


class Page(NamedTuple):
    site: str
    address: str


def pages() -> dict[Page, tuple[AppConfig, str]]:
    """Every page that answers 200 to a GET, with its app and a viewer."""
    found = {}
    for row in facts.rows(MATRIX):
        address, method, *answers = row.words
        answer = dict(zip(ANSWERED[row.site], answers, strict=False))
        viewer = next((name for name in VIEWERS if answer.get(name) == "200"), None)
        if method == "GET" and viewer:
            found[Page(row.site, address)] = (row.app, viewer)
    return found


def numbers() -> dict[Page, int]:
    """The statements of each page: the number of its own app, and `+1` for an app that adds to it."""
    found: dict[Page, int] = {}
    for row in facts.rows(TABLE):
        page = Page(row.site, row.words[0])
        found[page] = found.get(page, 0) + int(row.words[1])
    return found


def switches() -> dict[Page, int]:
    """How often each page may switch: once, or three times if it also reads `public`, as its line says."""
    return {Page(row.site, row.words[0]): 3 for row in facts.rows(TABLE) if "public" in row.words[2:]}


def own() -> set[tuple[AppConfig, Page]]:
    """The pages whose number is in an app's table."""
    return {(row.app, Page(row.site, row.words[0])) for row in facts.rows(TABLE) if not row.words[1].startswith("+")}


def additions() -> set[tuple[AppConfig, Page]]:
    """The pages of other apps to which an app's table adds statements."""
    return {(row.app, Page(row.site, row.words[0])) for row in facts.rows(TABLE) if row.words[1].startswith("+")}


def of_the_core(statements: Iterable[str]) -> list[str]:
    """All but those on tables of a product's own apps, and on those that capabilities count themselves (COUNTED)."""
    elsewhere = [table for pages in facts.pages() for table in getattr(pages, "COUNTED", ())]
    own_apps = [name for name in settings.CAPABILITIES if not name.startswith(("tenants.", "profiles.", "shared."))]
    elsewhere += [f'"{name.rpartition(".")[2]}_' for name in own_apps]
    return [each for each in statements if not any(table in each for table in elsewhere)]
