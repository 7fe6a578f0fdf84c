"""A bound on connections to nodes. For each placed organisation that a connection to the coordinator has served, Citus
keeps one to its node, as the organisation's own role: without a bound, as many as there are placed organisations.
"""

from time import monotonic
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings

# Citus closes what it has kept at the end of a distributed transaction that keeps none. An intermediate result makes it
# one, without a way to any node; only a block may have one.
CLOSE = """
DO $$ BEGIN
    PERFORM set_config('citus.max_cached_conns_per_worker', '0', true);
    PERFORM create_intermediate_result('closing', 'SELECT 1');
END $$
"""
PLACED = "SELECT nspname FROM pg_dist_schema JOIN pg_namespace space ON space.oid = schemaid"
# A database without the extension: before it is made, and the one to which tests connect to make theirs.
IS_THERE = "SELECT to_regclass('pg_dist_schema') IS NOT NULL"
# How long a process believes what it has read; an organisation that has just been placed counts a moment later.
SECONDS = 30


class Placed:
    """The schemas of placed organisations, as this process knows them."""

    def __init__(self) -> None:
        self.schemas: frozenset[str] = frozenset()
        self.until = float("-inf")

    def read(self, connection: psycopg.Connection) -> frozenset[str]:
        """By the driver's connection: this is called in the middle of a switch."""
        if monotonic() > self.until:
            [(is_there,)] = connection.execute(IS_THERE).fetchall()
            self.schemas = (
                frozenset(name for (name,) in connection.execute(PLACED).fetchall()) if is_there else frozenset()
            )
            self.until = monotonic() + SECONDS
        return self.schemas


placed = Placed()
# The placed organisations for which a connection may have others.
_kept: WeakKeyDictionary[psycopg.Connection, set[str]] = WeakKeyDictionary()


def bounded(connection: psycopg.Connection, schema: str) -> None:
    """At a switch to this schema: behind KEPT_FOR_NODES placed organisations, close all that are kept."""
    if not settings.CITUS or schema not in placed.read(connection):
        return
    kept = _kept.setdefault(connection, set())
    if schema not in kept and len(kept) >= settings.KEPT_FOR_NODES:
        connection.execute(CLOSE)
        kept.clear()
    kept.add(schema)
