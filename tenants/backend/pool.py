"""Checks on new connections, and Django's connection pool, to which each connection returns reset.

https://docs.djangoproject.com/en/5.2/ref/databases/#connection-pool
"""

import os
from typing import Any

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.pq import TransactionStatus

from shared.measures import measure
from tenants.backend.login import refuse_unsafe_login
from tenants.backend.pooler import refuse_unsafe_pooler
from tenants.errors import UnsafeLogin, UnsafePooler


class Pooled:
    """Part of a database backend: refuses connections that would mix tenants, and resets the session of each connection
    that returns to the pool.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As in Django. Raises UnsafePooler or UnsafeLogin if the connection would not keep tenants apart."""
        connection = super().get_new_connection(conn_params)  # type: ignore[misc]
        if not self.pool:  # type: ignore[attr-defined]
            refuse_unsafe(connection, conn_params)
        return connection

    def _configure_connection(self, connection: psycopg.Connection) -> bool:
        """The parent's pool calls this for each connection that it opens."""
        if self.pool:  # type: ignore[attr-defined]
            refuse_unsafe(connection, self.get_connection_params())  # type: ignore[attr-defined]
        return super()._configure_connection(connection)  # type: ignore[misc]

    def _close(self) -> None:
        """Reset the session, then return the connection to the pool if there is one."""
        connection = self.connection  # type: ignore[attr-defined]
        if self.pool:  # type: ignore[attr-defined]
            try:
                make_new(connection)
                super()._configure_connection(connection)  # type: ignore[misc]
            except psycopg.Error:
                connection.close()  # The pool replaces a closed one.
        super()._close()  # type: ignore[misc]


def refuse_unsafe(connection: psycopg.Connection, conn_params: dict[str, Any]) -> None:
    """Close a connection that would not keep tenants apart. Raises UnsafePooler or UnsafeLogin."""
    measure("connection")
    try:
        refuse_unsafe_pooler(connection, conn_params)
        refuse_unsafe_login(connection)
    except (UnsafePooler, UnsafeLogin):
        connection.close()
        raise


def make_new(connection: psycopg.Connection) -> None:
    """Reset a session: schema, role, timeouts, advisory locks, temporary tables, LISTEN, prepared statements. Raises
    psycopg.Error if the connection is lost or still runs a statement.

    https://www.postgresql.org/docs/current/sql-discard.html
    """
    if connection.info.transaction_status is TransactionStatus.ACTIVE:
        raise psycopg.OperationalError("A statement is running.")  # A rollback would wait for the connection's lock.
    connection.rollback()
    connection.autocommit = True
    connection.isolation_level = connection.read_only = connection.deferrable = None
    connection.execute("DISCARD ALL")


def leave_pools_to_parent() -> None:
    """Called in a forked child, which opens its own pools: two processes must not share a connection."""
    pools = DatabaseWrapper._connection_pools  # type: ignore[attr-defined]
    inherited.append(pools.copy())
    pools.clear()


# Keeps the parent's pools alive: a garbage-collected pool tries to stop its threads, which the child does not have.
inherited: list[dict[str, Any]] = []
os.register_at_fork(after_in_child=leave_pools_to_parent)
