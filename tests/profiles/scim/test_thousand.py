"""A first synchronisation of a thousand people: each costs as many statements as the first, and about as much time."""

import sys
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

PEOPLE = 1000
# How much longer the last hundred may take than the first: ten times more rows are searched by then.
SLOWER = 2.0


def add(entra, number: int) -> float:
    """As Entra ID does: it looks for the person, and makes them. The seconds that it takes."""
    name, started = f"p{number}@acme.example", time.perf_counter()
    assert entra.found(f'userName eq "{name}"') == []
    about = {"userName": name, "emails": [{"value": name}], "externalId": str(number)}
    assert entra.add(f"Person{number} Last", **about).status_code == 201
    return time.perf_counter() - started


def statements(entra, number: int) -> int:
    with CaptureQueriesContext(connection) as sent:
        add(entra, number)
    return len([each for each in sent if "set_config" not in each["sql"]])


@pytest.mark.slow
def test_the_thousandth_person_costs_what_the_first_does(directory, settings, capsys):
    settings.LIMITS = settings.LIMITS | {"scim": {"token": (10 * PEOPLE, 60)}}
    entra = directory()
    add(entra, PEOPLE)
    before = statements(entra, PEOPLE + 1)
    seconds = [add(entra, number) for number in range(PEOPLE)]
    first, last = sum(seconds[:100]), sum(seconds[-100:])
    with capsys.disabled():
        figures = f"{PEOPLE} people in {sum(seconds):.0f} s, {before} statements each, last/first {last / first:.2f}"
        sys.stdout.write(f"\n{figures}\n")
    assert statements(entra, PEOPLE + 2) == before
    assert last < SLOWER * first
