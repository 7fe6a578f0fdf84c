"""How many connections to nodes are kept."""

from time import monotonic

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import User
from tenants.context import within
from tenants.nodes import connections

CLOSES = "citus.max_cached_conns_per_worker"


@pytest.fixture
def all_placed(acme, globex, settings, monkeypatch):
    """As the process would have read it on a cluster."""
    settings.CITUS = True
    monkeypatch.setattr(connections.placed, "schemas", {acme.schema_name, globex.schema_name})
    monkeypatch.setattr(connections.placed, "until", monotonic() + 60)
    monkeypatch.setattr(connections, "_kept", type(connections._kept)())


def closings(*tenants) -> list[bool]:
    """Does the switch to each of these close the connections that Citus has kept?"""
    found = []
    for tenant in tenants:
        with within(tenant), CaptureQueriesContext(connection) as queries:
            assert User.objects.exists()
        found.append(any(CLOSES in query["sql"] for query in queries))
    return found


def test_behind_so_many_all_are_closed(all_placed, acme, globex, settings):
    settings.KEPT_FOR_NODES = 1
    assert closings(acme, acme, globex, globex, acme) == [False, False, True, False, True]


def test_so_many_are_kept(all_placed, acme, globex, settings):
    settings.KEPT_FOR_NODES = 2
    assert closings(acme, globex, acme, globex) == [False] * 4


def test_those_on_the_coordinator_do_not_count(all_placed, acme, globex, settings, monkeypatch):
    settings.KEPT_FOR_NODES = 1
    monkeypatch.setattr(connections.placed, "schemas", {acme.schema_name})
    assert closings(acme, globex, acme, globex) == [False] * 4
