"""The database engine for DATABASE_URL: it refuses old servers, and explains failed connections."""

from typing import Any

import psycopg
from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures

from config.database import DatabaseUnavailable, place, reason
from tenants.backend import base


class DatabaseFeatures(PostgresFeatures):
    """What PostgreSQL 16 can do, and nothing older."""

    minimum_database_version = (16,)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that reports a failure to open in one sentence, without the password."""

    features_class = DatabaseFeatures
    advice = "Check DATABASE_URL, and that the server runs."

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As in Django. Raises DatabaseUnavailable, with libpq's error as its cause."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable(
                f"No connection to {place(conn_params)}: {reason(error)}. {self.advice}"
            ) from error

    def check_database_version_supported(self) -> None:
        """Refuse a server older than the oldest that Tenantry is tested with."""
        needed = self.features.minimum_database_version
        # Read from the handshake: the parent would open a cursor, which would switch schemas first.
        found = divmod(self.connection.info.server_version, 10_000)
        if found < needed:
            raise DatabaseUnavailable(
                f"PostgreSQL {needed[0]} or newer is needed, and {place(self.get_connection_params())} "
                f"is version {'.'.join(map(str, found))}."
            )
