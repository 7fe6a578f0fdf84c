"""Who gets what: every address of both site maps, for everyone (the tables are <app>/testing/access_matrix.txt)."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from profiles.testing import facts
from profiles.testing.matrix import (
    PEOPLE,
    SITES,
    TABLE,
    World,
    addresses,
    as_operators,
    base,
    browser_of,
    forms,
    operator_browser,
    table,
)
from tenants.models import Tenant
from tests.daily import is_todays
from tests.security.test_headers import lacking


@pytest.mark.parametrize("site", SITES)
def test_every_address_has_a_row(site: str) -> None:
    there = {(facts.file(app, TABLE), address) for address, app in addresses(site).items()}
    having = {(facts.file(row.app, TABLE), base(row.words[0])) for row in facts.rows(TABLE) if row.site == site}
    missing = [f"Say in {file}, under [{site}], who may GET and POST: {name}" for file, name in sorted(there - having)]
    gone = [f"{file} has rows for what is no address of this app: {name}" for file, name in sorted(having - there)]
    assert not missing + gone, "\n".join(missing + gone)


# Their sessions, of another organisation and of a deactivated member, sign no one in: they get what a visitor gets. So
# they ask for a third of the addresses each day, and for each one whose row says otherwise.
OUTSIDE = ("stranger", "gone")


@pytest.mark.parametrize(
    ("name", "days"),
    [
        *(pytest.param(name, 3 if name in OUTSIDE else 1, id=name) for name in PEOPLE),
        *(pytest.param(name, 1, id=f"{name} everywhere", marks=pytest.mark.slow) for name in OUTSIDE),
    ],
)
def test_access(name: str, days: int, acme: Tenant, globex: Tenant) -> None:
    """One test for each person, who signs in once: what a request changes is undone, in the browser's cookies too.

    Each answer also tells the browser what it has to (test_headers.py).
    """
    world, known = World(acme), forms()
    browsers = {
        "public": Client(SERVER_NAME="localhost"),
        "organisation": browser_of(name, world, globex),
        "operators": operator_browser(name, world, as_operators(globex)),
    }
    wrong = []
    rows = table()
    for turn, (site, address, method, answers) in enumerate(rows):
        said = dict(zip(PEOPLE, answers, strict=False))
        if name not in said or (said[name] == said["visitor"] and not is_todays(turn, of=len(rows), days=days)):
            continue
        browser, path, expected = browsers[site], world.path(site, address), said[name]
        cookies = deepcopy(browser.cookies)
        with transaction.atomic():
            data = known.get(base(address), {})
            response: Any = browser.get(path) if method == "GET" else browser.post(path, data)
            transaction.set_rollback(True)
        browser.cookies = cookies
        answer, unsaid = word(response), lacking(response)
        if answer != expected:
            wrong.append(f"{address} {method} answered {answer}, and its row says {expected}")
        if unsaid:
            wrong.append(f"{address} {method} does not tell the browser {unsaid}")
    assert not wrong, "\n".join(wrong)


def test_the_operators_addresses_are_on_no_other_host(acme: Tenant, globex: Tenant) -> None:
    """404 for an owner and for a visitor, as for what has never been there."""
    world = World(acme)
    as_operators(globex)
    paths = [world.path("operators", address) for address in addresses("operators")]
    for name in ("owner", "visitor"):
        browser = browser_of(name, world, globex)
        assert [path for path in paths if browser.get(path).status_code != 404] == []


def word(response: Any) -> str:
    """An answer as the table has it: a status, or for a redirect where it leads: `sign-in`, `home` or `on`."""
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    where = response["Location"]
    return "sign-in" if where.startswith("/account/login/") else "home" if where == "/" else "on"
