"""Who gets what: every address of both site maps, for everybody (the tables are <app>/testing/access_matrix.txt)."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from profiles.testing import facts
from profiles.testing.matrix import PEOPLE, SITES, TABLE, World, addresses, base, browser_of, forms, table
from tenants.models import Tenant


@pytest.mark.parametrize("site", SITES)
def test_every_address_has_a_row(site: str) -> None:
    there = {(facts.file(app, TABLE), address) for address, app in addresses(site).items()}
    having = {(facts.file(row.app, TABLE), base(row.words[0])) for row in facts.rows(TABLE) if row.site == site}
    missing = [f"Say in {file}, under [{site}], who may GET and POST: {name}" for file, name in sorted(there - having)]
    gone = [f"{file} has rows for what is no address of this app: {name}" for file, name in sorted(having - there)]
    assert not missing + gone, "\n".join(missing + gone)


@pytest.mark.parametrize(("site", "address", "method", "expected"), table(), ids=lambda value: str(value)[:40])
def test_access(site: str, address: str, method: str, expected: list[str], acme: Tenant, globex: Tenant) -> None:
    world = World(acme)
    path = world.path(site, address)
    data = forms().get(base(address), {})
    answers = []
    for name in PEOPLE[: len(expected)]:
        browser = Client(SERVER_NAME="localhost") if site == "public" else browser_of(name, world, globex)
        with transaction.atomic():
            answers.append(word(browser.get(path) if method == "GET" else browser.post(path, data)))
            transaction.set_rollback(True)
    assert answers == expected, f"{address} {method} answered: {' '.join(answers)}"


def word(response: Any) -> str:
    """An answer as the table has it: a status, or for a redirect where it leads: `sign-in`, `home` or `on`."""
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    where = response["Location"]
    return "sign-in" if where.startswith("/account/login/") else "home" if where == "/" else "on"
