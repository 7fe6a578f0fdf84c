"""Connections as they are opened, and Django's pool of them, into which each goes back as new.

https://docs.djangoproject.com/en/5.2/ref/databases/#connection-pool
"""

import os
from typing import Any

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.pq import TransactionStatus

from tenants.backend.login import refuse_unsafe_login
from tenants.backend.pooler import refuse_unsafe_pooler
from tenants.errors import UnsafeLogin, UnsafePooler


class Pooled:
    """Part of a database backend: refuses what would mix tenants, and lets nothing through the pool that a request
    left in its session.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As in Django. Raises UnsafePooler or UnsafeLogin where tenants would not be kept apart."""
        connection = super().get_new_connection(conn_params)  # type: ignore[misc]
        if not self.pool:  # type: ignore[attr-defined]
            refuse_unsafe(connection, conn_params)
        return connection

    def _configure_connection(self, connection: psycopg.Connection) -> bool:
        """The parent's pool calls it for each connection that it opens."""
        if self.pool:  # type: ignore[attr-defined]
            refuse_unsafe(connection, self.get_connection_params())  # type: ignore[attr-defined]
        return super()._configure_connection(connection)  # type: ignore[misc]

    def _close(self) -> None:
        """The parent's, which gives the connection back to the pool if there is one."""
        connection = self.connection  # type: ignore[attr-defined]
        if self.pool:  # type: ignore[attr-defined]
            try:
                make_new(connection)
                super()._configure_connection(connection)  # type: ignore[misc]
            except psycopg.Error:
                connection.close()  # The pool replaces a closed one.
        super()._close()  # type: ignore[misc]


def refuse_unsafe(connection: psycopg.Connection, conn_params: dict[str, Any]) -> None:
    """Close a connection over which tenants would not be kept apart. Raises UnsafePooler or UnsafeLogin."""
    try:
        refuse_unsafe_pooler(connection, conn_params)
        refuse_unsafe_login(connection)
    except (UnsafePooler, UnsafeLogin):
        connection.close()
        raise


def make_new(connection: psycopg.Connection) -> None:
    """Undo whatever was done to a session: its schema, role and timeouts, advisory locks, temporary tables, LISTEN,
    prepared statements. Raises psycopg.Error for a connection that is lost, or still at work.

    https://www.postgresql.org/docs/current/sql-discard.html
    """
    if connection.info.transaction_status is TransactionStatus.ACTIVE:
        raise psycopg.OperationalError("A statement is at work.")  # Whose lock a rollback would wait for.
    connection.rollback()
    connection.autocommit = True
    connection.isolation_level = connection.read_only = connection.deferrable = None
    connection.execute("DISCARD ALL")


def leave_pools_to_parent() -> None:
    """After a fork, two processes must not speak over one connection: the child opens pools of its own."""
    pools = DatabaseWrapper._connection_pools  # type: ignore[attr-defined]
    inherited.append(pools.copy())
    pools.clear()


# Kept, since a pool that is collected tries to stop threads, which the child has not.
inherited: list[dict[str, Any]] = []
os.register_at_fork(after_in_child=leave_pools_to_parent)
