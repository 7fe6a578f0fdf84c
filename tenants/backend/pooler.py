"""Refuses a connection pooler that would mix tenants.

In transaction pooling (PgBouncer's `pool_mode = transaction`) the next transaction may run on another server
connection, which still has another client's search_path. That is safe only if the pooler restores search_path, as
PgBouncer does with `track_extra_parameters = search_path` in front of PostgreSQL 18, which reports that parameter:
https://www.pgbouncer.org/config.html#track_extra_parameters

No pooler can restore the role, since PostgreSQL never reports it. So with database roles every pooler is refused.
"""

from functools import cache
from typing import Any

import psycopg
from django.conf import settings

from tenants.errors import UnsafePooler

PROBE = "pooler_probe"


def refuse_unsafe_pooler(connection: psycopg.Connection, conn_params: dict[str, Any]) -> None:
    """Raise UnsafePooler for a pooler that does not track search_path, and with database roles for any pooler."""
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
    """Is there a pooler in front of PostgreSQL? Then another process answers than the one named in the handshake."""
    with connection.cursor() as cursor:
        [(answering,)] = cursor.execute("SELECT pg_backend_pid()")
    return bool(answering != connection.info.backend_pid)


@cache
def tracks_search_path(conninfo: str) -> bool:
    """Does this pooler track search_path for each client? Then it restores it before each transaction.

    Other poolers refuse the parameter at connection start, or ignore it. Checked once per process.
    """
    try:
        with psycopg.connect(conninfo, options=f"-c search_path={PROBE}") as probe:
            return probe.execute("SHOW search_path").fetchone() == (PROBE,)
    except psycopg.OperationalError:
        return False


def address(conn_params: dict[str, Any]) -> dict[str, Any]:
    """The connection parameters that libpq knows; the others are psycopg's and Django's."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    return {key: value for key, value in conn_params.items() if key in known}
