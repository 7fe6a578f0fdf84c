"""Selects PostgreSQL: the server in DATABASE_URL, or the bundled one. Explains errors in sentences."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from config import brand

SCHEMES = ("postgres", "postgresql")
BUNDLED_NAME = brand.SLUG
CONNECT_SECONDS = 10
# Long enough for a connection to visit all active organisations: its cache of their tables is expensive to rebuild, and
# TENANTS_PER_CONNECTION limits its size.
KEEP_SECONDS = 600


class DatabaseUnavailable(ImproperlyConfigured, OperationalError):
    """No usable PostgreSQL. The message is a sentence for the operator.

    Both bases are needed: code that prints it catches the first, code that handles a lost database the second.
    """


def database(url: str | None, pool: dict[str, Any] | None = None) -> dict[str, Any]:
    """`DATABASES["default"]` for DATABASE_URL, or for the bundled server without it.

    Raises ImproperlyConfigured for an invalid address. It does not connect.
    """
    found: dict[str, Any] = _from(url) if url else {"NAME": BUNDLED_NAME}
    found["ENGINE"] = "config.postgres" if url else "config.bundled"
    if pool:
        found["OPTIONS"] = found.get("OPTIONS", {}) | {"pool": pool}
    elif url:
        found["CONN_MAX_AGE"] = KEEP_SECONDS
    return found | ({"CONN_HEALTH_CHECKS": True} if url or pool else {})


def pool(*, size: int, lifetime: int, wait: int) -> dict[str, Any] | None:
    """Options of a process's connection pool, or None for size 0: then each thread keeps its own connection.

    `lifetime`: seconds after which a connection is replaced, and with it the memory of its server process, which grows
    with each organisation that it visits. `wait`: seconds that a request waits for a connection. Raises
    ImproperlyConfigured for invalid numbers.
    https://www.psycopg.org/psycopg3/docs/api/pool.html#psycopg_pool.ConnectionPool
    """
    for name, value, least in [("SIZE", size, 0), ("LIFETIME_SECONDS", lifetime, 1), ("WAIT_SECONDS", wait, 1)]:
        if value < least:
            raise ImproperlyConfigured(f"DATABASE_POOL_{name} is {value}. It has to be {least} or more.")
    if size == 0:
        return None
    # The pool reconnects with pauses that double and may outlast an outage, so it gives up when requests do.
    times = {"max_lifetime": lifetime, "timeout": wait, "reconnect_timeout": wait}
    return {"min_size": 0, "max_size": size} | times


def _from(url: str) -> dict[str, Any]:
    """The parts of a PostgreSQL address. No message repeats them, since one is the password."""
    if url.partition("://")[0] not in SCHEMES:
        raise ImproperlyConfigured("DATABASE_URL has to start with postgres:// or postgresql://.")
    try:
        _port = urlsplit(url).port  # raises for a port that is not a number, which the parser below accepts
        parts: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. It is postgres://user:password@host:port/database, "
            "and special characters in the password are percent-encoded."
        ) from error
    if not parts["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL has no database name. Add it at the end: postgres://host/name.")
    parts["OPTIONS"] = {"connect_timeout": CONNECT_SECONDS} | parts.get("OPTIONS", {})
    return parts


def place(parameters: dict[str, Any]) -> str:
    """A connection's host, port and database for messages, without the password."""
    host = parameters.get("host") or "localhost"
    return f"PostgreSQL at {host}:{parameters.get('port') or 5432}, database {parameters.get('dbname')}"


def reason(error: Exception) -> str:
    """The cause of an error, which ends the first line of libpq's message: `… failed: Connection refused`."""
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return first.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")
