"""Which PostgreSQL: the one that DATABASE_URL names, or the bundled one; and in words, what is wrong."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from config import brand

SCHEMES = ("postgres", "postgresql")
BUNDLED_NAME = brand.SLUG
CONNECT_SECONDS = 10
# Longer than a connection takes to meet the organisations at work: what it remembers of them is dear to find out again,
# and bounded by TENANTS_PER_CONNECTION.
KEEP_SECONDS = 600


class DatabaseUnavailable(ImproperlyConfigured, OperationalError):
    """No usable PostgreSQL, said in a sentence for the operator.

    Both bases are needed: what handles a lost database catches the second, what prints a sentence the first.
    """


def database(url: str | None, pool: dict[str, Any] | None = None) -> dict[str, Any]:
    """`DATABASES["default"]` for DATABASE_URL, or for the bundled server if there is none.

    Raises ImproperlyConfigured for an address that cannot be PostgreSQL's. Connects to nothing.
    """
    found: dict[str, Any] = _from(url) if url else {"NAME": BUNDLED_NAME}
    found["ENGINE"] = "config.postgres" if url else "config.bundled"
    if pool:
        found["OPTIONS"] = found.get("OPTIONS", {}) | {"pool": pool}
    elif url:
        found["CONN_MAX_AGE"] = KEEP_SECONDS
    return found | ({"CONN_HEALTH_CHECKS": True} if url or pool else {})


def pool(*, size: int, lifetime: int, wait: int) -> dict[str, Any] | None:
    """Options of a process's connection pool, or None for size 0: then each thread keeps a connection of its own.

    `lifetime`: seconds after which a connection is replaced, and with it the memory of its server process, which grows
    with each organisation that it meets. `wait`: seconds that a request waits for a connection. Raises
    ImproperlyConfigured for numbers that cannot be.
    https://www.psycopg.org/psycopg3/docs/api/pool.html#psycopg_pool.ConnectionPool
    """
    for name, value, least in [("SIZE", size, 0), ("LIFETIME_SECONDS", lifetime, 1), ("WAIT_SECONDS", wait, 1)]:
        if value < least:
            raise ImproperlyConfigured(f"DATABASE_POOL_{name} is {value}. It has to be {least} or more.")
    if size == 0:
        return None
    # It tries to reconnect for as long as somebody waits: its pauses double, and would outlast an outage.
    times = {"max_lifetime": lifetime, "timeout": wait, "reconnect_timeout": wait}
    return {"min_size": 0, "max_size": size} | times


def _from(url: str) -> dict[str, Any]:
    """The parts of a PostgreSQL address. No message repeats them: there may be a password among them."""
    if url.partition("://")[0] not in SCHEMES:
        raise ImproperlyConfigured("DATABASE_URL has to start with postgres:// or postgresql://.")
    try:
        _port = urlsplit(url).port  # raises for a port that is no number, which the parser below lets pass
        parts: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. It is postgres://user:password@host:port/database, "
            "and special characters in the password are percent-encoded."
        ) from error
    if not parts["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database. Add it at the end: postgres://host/name.")
    parts["OPTIONS"] = {"connect_timeout": CONNECT_SECONDS} | parts.get("OPTIONS", {})
    return parts


def place(parameters: dict[str, Any]) -> str:
    """Where a connection leads, for people: host, port and database, never the password."""
    host = parameters.get("host") or "localhost"
    return f"PostgreSQL at {host}:{parameters.get('port') or 5432}, database {parameters.get('dbname')}"


def reason(error: Exception) -> str:
    """The cause in libpq's message, of which the first line ends with it: `… failed: Connection refused`."""
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return first.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")
