"""How much PostgreSQL remembers: a connection's server process keeps the tables of each organisation that it meets."""

from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import psycopg
from django.conf import settings

from tenants.context import OWNER, PUBLIC_SCHEMA, role

# By the driver's connection, which in a pool goes from one of Django's to the next: the organisations that it has met,
# and those of them whose tables it made or changed.
_met: WeakKeyDictionary[psycopg.Connection, set[str]] = WeakKeyDictionary()
_changed: WeakKeyDictionary[psycopg.Connection, set[str]] = WeakKeyDictionary()
# A transaction that makes tables looks through all that is remembered: 200 organisations made over one connection keep
# the time for one flat, and by the 1,300th it was six times as long.
CHANGED_COUNTS = 10


class BoundedMemory:
    """Part of a database backend: a connection that has met more than TENANTS_PER_CONNECTION is replaced before the
    next request, transaction or statement, so that the memory of PostgreSQL is bounded whatever the number of
    organisations, and in whatever loop they are visited.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._cursors: WeakSet[Any] = WeakSet()
        super().__init__(*args, **kwargs)

    def meet(self, schema: str) -> None:
        """It is in this schema now. All go through public."""
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
        """Is there what would be lost with the connection: a transaction, or a cursor that is open?"""
        in_transaction = self.in_atomic_block or not self.autocommit  # type: ignore[attr-defined]
        return in_transaction or any(not cursor.closed for cursor in self._cursors)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)  # type: ignore[misc]
        self._cursors.add(cursor)
        return cursor

    def ensure_connection(self) -> None:
        """As in Django, which calls it before each transaction and each cursor."""
        self._leave_if_met_too_many()
        super().ensure_connection()  # type: ignore[misc]

    def close_if_unusable_or_obsolete(self) -> None:
        """As in Django, which calls it where a request begins and ends; here this makes it obsolete as well."""
        super().close_if_unusable_or_obsolete()  # type: ignore[misc]
        self._leave_if_met_too_many()

    def _leave_if_met_too_many(self) -> None:
        if self.connection is not None and self.has_met_too_many and not self.is_in_use:  # type: ignore[attr-defined]
            self.close()  # type: ignore[attr-defined]

    def _close(self) -> None:
        """A pool replaces a closed one that is given back to it."""
        if self.has_met_too_many:
            self.connection.close()  # type: ignore[attr-defined]
        super()._close()  # type: ignore[misc]
