"""How much PostgreSQL remembers: a connection's server process keeps the tables of each organisation that it meets."""

from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings

from tenants.context import PUBLIC_SCHEMA

# By the driver's connection, which in a pool goes from one of Django's to the next.
_met: WeakKeyDictionary[psycopg.Connection, set[str]] = WeakKeyDictionary()


class BoundedMemory:
    """Part of a database backend: a connection that has met more than TENANTS_PER_CONNECTION is replaced before the
    next request, so that the memory of PostgreSQL is bounded whatever the number of organisations.
    """

    def meet(self, schema: str) -> None:
        """It is in this schema now. All go through public."""
        if schema != PUBLIC_SCHEMA:
            _met.setdefault(self.connection, set()).add(schema)  # type: ignore[attr-defined]

    @property
    def has_met_too_many(self) -> bool:
        return len(_met.get(self.connection, ())) > settings.TENANTS_PER_CONNECTION  # type: ignore[attr-defined]

    def close_if_unusable_or_obsolete(self) -> None:
        """As in Django, which calls it where a request begins and ends; here this makes it obsolete as well."""
        super().close_if_unusable_or_obsolete()  # type: ignore[misc]
        if self.connection is not None and self.has_met_too_many:  # type: ignore[attr-defined]
            self.close()  # type: ignore[attr-defined]

    def _close(self) -> None:
        """A pool replaces a closed one that is given back to it."""
        if self.has_met_too_many:
            self.connection.close()  # type: ignore[attr-defined]
        super()._close()  # type: ignore[misc]
