"""Which PostgreSQL: the one that DATABASE_URL names, or the bundled one; and in words, what is wrong."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

SCHEMES = ("postgres", "postgresql")
BUNDLED_NAME = "tenantry"
CONNECT_SECONDS = 10
KEEP_SECONDS = 60


class DatabaseUnavailable(ImproperlyConfigured, OperationalError):
    """No usable PostgreSQL, said in a sentence for the operator.

    Both bases are needed: what handles a lost database catches the second, what prints a sentence the first.
    """


def database(url: str | None) -> dict[str, Any]:
    """`DATABASES["default"]` for DATABASE_URL, or for the bundled server if there is none.

    Raises ImproperlyConfigured for an address that cannot be PostgreSQL's. Connects to nothing.
    """
    if not url:
        return {"ENGINE": "config.bundled", "NAME": BUNDLED_NAME}
    return _from(url) | {
        "ENGINE": "config.postgres",
        "CONN_MAX_AGE": KEEP_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }


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
        raise ImproperlyConfigured("DATABASE_URL names no database. Add it at the end: postgres://host/tenantry.")
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
