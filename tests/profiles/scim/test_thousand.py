"""A first synchronisation of a thousand people: each costs as many statements as the first, and about as much time."""

import sys
import time
from math import inf
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.serving import hosts
from tests.profiles.scim.conftest import Provisioner, connect

PEOPLE = 1000
# How much longer one more person may take than in an organisation with a few people, of which so many are added.
SLOWER, ROUNDS = 1.5, 50


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
def test_the_thousandth_person_costs_what_the_first_does(acme, globex, settings, capsys, monkeypatch):
    # Every five seconds, a request takes a statement more.
    monkeypatch.setattr(hosts, "SECONDS", inf)
    settings.LIMITS = settings.LIMITS | {"scim": {"token": (10 * PEOPLE, 60)}}
    entra, small = (Provisioner(tenant, connect(tenant)) for tenant in (acme, globex))
    add(entra, PEOPLE)
    before, began = statements(entra, PEOPLE + 1), time.perf_counter()
    for number in range(PEOPLE):
        add(entra, number)
    seconds = time.perf_counter() - began
    assert statements(entra, PEOPLE + 2) == before
    # In turn, so that both meet the same neighbours on the machine.
    more = [[add(each, 2 * PEOPLE + number) for each in (small, entra)] for number in range(ROUNDS)]
    few, many = (median(each) for each in zip(*more, strict=True))
    with capsys.disabled():
        figures = f"{PEOPLE} people in {seconds:.0f} s, {before} statements each; one more is {many / few:.2f}"
        sys.stdout.write(f"\n{figures}\n")
    assert many < SLOWER * few
