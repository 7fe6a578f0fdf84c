"""How many statements each page sends (the tables are <app>/testing/queries.txt), and how often it switches."""

import pytest
from django.apps import AppConfig
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.testing import facts, queries
from profiles.testing.matrix import World, as_operators, browser_of, operator_browser
from profiles.testing.queries import TABLE, Page
from tenants.context import public
from tenants.models import Tenant

PAGES = queries.pages()


def sentences(sentence: str, found: set[tuple[AppConfig, Page]]) -> list[str]:
    return sorted(sentence.format(file=facts.file(app, TABLE), site=site, page=page) for app, (site, page) in found)


def test_every_page_has_its_number() -> None:
    there = {(app, page) for page, (app, _viewer) in PAGES.items()}
    missing = sentences("Say in {file}, under [{site}], how many statements it sends: {page}", there - queries.own())
    gone = sentences("{file} has a number for what is no page of this app: {page}", queries.own() - there)
    lost = {(app, page) for app, page in queries.additions() if page not in PAGES}
    gone += sentences("{file} adds to what is no page: {page}", lost)
    assert not missing + gone, "\n".join(missing + gone)


@pytest.mark.parametrize(("site", "address"), PAGES, ids=lambda value: str(value)[:40])
def test_queries(site: str, address: str, world: World, globex: Tenant) -> None:
    path = world.path(site, address)
    _app, viewer = PAGES[Page(site, address)]
    if site == "operators":
        browser = operator_browser(viewer, world, as_operators(globex))
    else:
        browser = Client(SERVER_NAME="localhost") if site == "public" else browser_of(viewer, world, globex)
    assert browser.get(path).status_code == 200
    with public():
        Tenant.objects.exists()  # the connection then is where another request has left it
    with CaptureQueriesContext(connection) as captured:
        browser.get(path)
    statements = [query["sql"] for query in captured]
    own = [sql for sql in statements if not is_switch(sql)]
    assert len(own) == queries.numbers()[Page(site, address)], "\n".join(own)
    # The console reads the directory, and the organisation that it shows, between its statements about the viewer.
    most = 5 if site == "operators" else queries.switches().get(Page(site, address), 1)
    assert len(statements) - len(own) <= most
    assert not [sql for sql in own if 'FROM "django_content_type"' in sql]


def is_switch(sql: str) -> bool:
    return sql.startswith("SELECT set_config(")
