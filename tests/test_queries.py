"""What each page asks of the database (the table is tests/queries.txt), and that it switches once at most."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.context import public
from tenants.models import Tenant
from tests.test_access_matrix import World, browser_of, table

TABLE = Path(__file__).with_name("queries.txt")
# Who looks: the owner, and where a page is for nobody who is signed in, the visitor.
VIEWERS = ["owner", "visitor"]


def pages() -> list[tuple[str, str, str]]:
    """(site, address, viewer) of every page that answers 200 to a GET."""
    found = []
    for site, address, method, answers in table():
        names = ["visitor"] if site == "public" else ["visitor", "reader", "editor", "admin", "owner"]
        answer = dict(zip(names, answers, strict=False))
        viewer = next((name for name in VIEWERS if answer.get(name) == "200"), None)
        if method == "GET" and viewer:
            found.append((site, address, viewer))
    return found


def counts() -> dict[tuple[str, str], int]:
    """The table: how many statements each page of each site sends."""
    numbers, site = {}, ""
    for line in TABLE.read_text().splitlines():
        if line.startswith("["):
            site = line.strip("[]")
        elif line and not line.startswith("#"):
            address, number = line.split()
            numbers[site, address] = int(number)
    return numbers


def test_every_page_has_its_number() -> None:
    listed, there = set(counts()), {(site, address) for site, address, _ in pages()}
    assert not there - listed, f"Say in {TABLE.name} how many statements they send: {sorted(there - listed)}"
    assert not listed - there, f"{TABLE.name} has rows for what is no page: {sorted(listed - there)}"


@pytest.mark.parametrize(("site", "address", "viewer"), pages(), ids=lambda value: str(value)[:40])
def test_queries(site: str, address: str, viewer: str, acme: Tenant, globex: Tenant) -> None:
    world = World(acme)
    path = world.path(site, address)
    browser = Client(SERVER_NAME="localhost") if site == "public" else browser_of(viewer, world, globex)
    assert browser.get(path).status_code == 200
    with public():
        Tenant.objects.exists()  # where the connection is when somebody else's request comes before
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    statements = [query["sql"] for query in queries]
    own = [sql for sql in statements if not is_switch(sql)]
    assert len(own) == counts()[site, address], "\n".join(own)
    assert len(statements) - len(own) <= 1
    assert not [sql for sql in own if 'FROM "django_content_type"' in sql]


def is_switch(sql: str) -> bool:
    return sql.startswith("SELECT set_config(")
