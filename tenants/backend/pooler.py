"""Refuses a connection pooler that would mix tenants.

In transaction pooling (PgBouncer's `pool_mode = transaction`) the next transaction may run on another server
connection, where search_path is somebody else's. That is safe only where the pooler restores search_path, as PgBouncer
does with `track_extra_parameters = search_path` before PostgreSQL 18, which reports that parameter to it:
https://www.pgbouncer.org/config.html#track_extra_parameters

No pooler can restore the role, which PostgreSQL reports to nobody, so with database roles none is served.
"""

from functools import cache
from typing import Any

import psycopg
from django.conf import settings

from tenants.errors import UnsafePooler

PROBE = "pooler_probe"


def refuse_unsafe_pooler(connection: psycopg.Connection, conn_params: dict[str, Any]) -> None:
    """Raise UnsafePooler if there is a pooler between us and PostgreSQL that does not track search_path."""
    pooled = is_pooled(connection)
    connection.rollback()
    if pooled and settings.DATABASE_ROLES:
        raise UnsafePooler(
            "There is a connection pooler before PostgreSQL, and none can keep organisations' database roles apart. "
            "Connect to PostgreSQL itself, or set DATABASE_ROLES=off."
        )
    if pooled and not tracks_search_path(psycopg.conninfo.make_conninfo(**address(conn_params))):
        raise UnsafePooler(
            "There is a connection pooler before PostgreSQL that does not track search_path, so queries could land in "
            "another organisation's schema. Use PostgreSQL 18 and PgBouncer 1.25 or newer with "
            "track_extra_parameters = search_path, or connect to PostgreSQL itself."
        )


def is_pooled(connection: psycopg.Connection) -> bool:
    """Is there a pooler between us and PostgreSQL? Then the process that greeted is not the one that answers."""
    with connection.cursor() as cursor:
        [(answering,)] = cursor.execute("SELECT pg_backend_pid()")
    return bool(answering != connection.info.backend_pid)


@cache
def tracks_search_path(conninfo: str) -> bool:
    """Does this pooler take search_path for a parameter of the client's? Then it restores it before each transaction.

    One that does not refuses the parameter at the start, or ignores it. Asked once in a process.
    """
    try:
        with psycopg.connect(conninfo, options=f"-c search_path={PROBE}") as probe:
            return probe.execute("SHOW search_path").fetchone() == (PROBE,)
    except psycopg.OperationalError:
        return False


def address(conn_params: dict[str, Any]) -> dict[str, Any]:
    """What libpq knows of a connection's parameters; the rest is psycopg's and Django's."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    return {key: value for key, value in conn_params.items() if key in known}
