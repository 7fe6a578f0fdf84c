"""How many connections to nodes are kept."""

from time import monotonic

import pytest
from django.db import connection

from profiles.models import User
from tenants.context import within
from tenants.nodes import connections

# In place of the statement that only Citus knows, one that can be seen afterwards.
COUNT = "coalesce(nullif(current_setting('nodes.closed', true), ''), '0')"
CLOSE = f"SELECT set_config('nodes.closed', ({COUNT}::int + 1)::text, false)"


@pytest.fixture
def all_placed(acme, globex, settings, monkeypatch):
    """As the process would have read it on a cluster."""
    settings.CITUS = True
    monkeypatch.setattr(connections.placed, "schemas", {acme.schema_name, globex.schema_name})
    monkeypatch.setattr(connections.placed, "until", monotonic() + 60)
    monkeypatch.setattr(connections, "_kept", type(connections._kept)())
    monkeypatch.setattr(connections, "CLOSE", CLOSE)


def closings(*tenants) -> list[int]:
    """How often all kept connections were closed, behind the switch to each of these."""
    found = []
    for tenant in tenants:
        with within(tenant), connection.cursor() as cursor:
            assert User.objects.exists()
            cursor.execute(f"SELECT {COUNT}")
            found.append(int(cursor.fetchone()[0]))
    return found


def test_behind_so_many_all_are_closed(all_placed, acme, globex, settings):
    settings.KEPT_FOR_NODES = 1
    assert closings(acme, acme, globex, globex, acme) == [0, 0, 1, 1, 2]


def test_so_many_are_kept(all_placed, acme, globex, settings):
    settings.KEPT_FOR_NODES = 2
    assert closings(acme, globex, acme, globex) == [0] * 4


def test_those_on_the_coordinator_do_not_count(all_placed, acme, globex, settings, monkeypatch):
    settings.KEPT_FOR_NODES = 1
    monkeypatch.setattr(connections.placed, "schemas", {acme.schema_name})
    assert closings(acme, globex, acme, globex) == [0] * 4
