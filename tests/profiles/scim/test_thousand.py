"""A first synchronisation of a thousand people: each costs as many statements as the first, and about as much time."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

PEOPLE = 1000
# How much longer the last hundred may take than the first: ten times more rows are searched by then.
SLOWER = 2.0


@pytest.mark.slow
def test_the_thousandth_person_costs_what_the_first_does(directory, settings, capsys):
    settings.LIMITS = settings.LIMITS | {"scim": {"token": (10 * PEOPLE, 60)}}
    entra = directory()
    seconds, counts = [], []
    for number in range(PEOPLE):
        name = f"p{number}@acme.example"
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as sent:
            assert entra.found(f'userName eq "{name}"') == []
            about = {"userName": name, "emails": [{"value": name}], "externalId": str(number)}
            assert entra.add(f"Person{number} Last", **about).status_code == 201
        seconds.append(time.perf_counter() - started)
        counts.append(len([each for each in sent if "set_config" not in each["sql"]]))
    first, last = sum(seconds[10:110]), sum(seconds[-100:])
    with capsys.disabled():
        print(f"\n{PEOPLE} people in {sum(seconds):.0f} s; {counts[-1]} statements each; last/first {last / first:.2f}")
    assert counts[-1] <= counts[10]
    assert last < SLOWER * first
