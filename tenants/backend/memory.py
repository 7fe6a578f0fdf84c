"""A bound on PostgreSQL's memory: each server process caches the tables of every organisation that it has visited."""

from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import psycopg
from django.conf import settings

from tenants.context import OWNER, PUBLIC_SCHEMA, role

# For each driver connection, which a pool hands from one Django connection to the next: the organisations that it has
# visited, and those whose tables it has created or changed.
_met: WeakKeyDictionary[psycopg.Connection, set[str]] = WeakKeyDictionary()
_changed: WeakKeyDictionary[psycopg.Connection, set[str]] = WeakKeyDictionary()
# For each table that is created, PostgreSQL goes through all plans that the connection has, and it has some of each
# organisation. In a loop that makes and signs up, a spare takes 18 ms at first, 25 ms after 80, and 45 ms after 190.
CHANGED_COUNTS = 25


class BoundedMemory:
    """Part of a database backend: a connection that has visited more than TENANTS_PER_CONNECTION organisations is
    replaced before the next request, transaction or statement. This bounds PostgreSQL's memory for any number of
    organisations, also in a loop over all of them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._cursors: WeakSet[Any] = WeakSet()
        super().__init__(*args, **kwargs)

    def meet(self, schema: str) -> None:
        """Note that the connection is in this schema now. `public` does not count: every connection visits it."""
        if schema != PUBLIC_SCHEMA:
            _met.setdefault(self.connection, set()).add(schema)  # type: ignore[attr-defined]
            if role() == OWNER:
                _changed.setdefault(self.connection, set()).add(schema)  # type: ignore[attr-defined]

    @property
    def has_met_too_many(self) -> bool:
        met, changed = (len(schemas.get(self.connection, ())) for schemas in (_met, _changed))  # type: ignore[attr-defined]
        return met + (CHANGED_COUNTS - 1) * changed > settings.TENANTS_PER_CONNECTION

    @property
    def is_in_use(self) -> bool:
        """Would closing the connection lose an open transaction or cursor?"""
        in_transaction = self.in_atomic_block or not self.autocommit  # type: ignore[attr-defined]
        # One that was left open when its connection was closed has nothing to lose.
        return in_transaction or any(not (cursor.closed or cursor.connection.closed) for cursor in self._cursors)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)  # type: ignore[misc]
        self._cursors.add(cursor)
        return cursor

    def ensure_connection(self) -> None:
        """As in Django, which calls it before each transaction and each cursor."""
        self._leave_if_met_too_many()
        super().ensure_connection()  # type: ignore[misc]

    def close_if_unusable_or_obsolete(self) -> None:
        """As in Django, which calls it at the start and end of a request. Too many organisations also end it."""
        super().close_if_unusable_or_obsolete()  # type: ignore[misc]
        self._leave_if_met_too_many()

    def _leave_if_met_too_many(self) -> None:
        if self.connection is not None and self.has_met_too_many and not self.is_in_use:  # type: ignore[attr-defined]
            self.close()  # type: ignore[attr-defined]

    def _close(self) -> None:
        """Close it before it goes back: a pool replaces a closed connection."""
        if self.has_met_too_many:
            self.connection.close()  # type: ignore[attr-defined]
        super()._close()  # type: ignore[misc]
