"""What the server reports of a connection, and which statements may have changed what it does not report.

A switch gives the session a name that no other one of this connection has had. PostgreSQL reports each change of
`application_name` to its client, a rollback's and DISCARD ALL's too, without being asked; and what takes the name back
takes back all that was set with it. From PostgreSQL 18 on it reports `search_path` as well:
https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC

It never reports the role. So the driver's cursors note whatever may have changed that alone, such as SET ROLE.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from weakref import WeakSet

import psycopg

Reported = tuple[bytes | None, bytes | None]

# What PostgreSQL answers to a statement that can change a role or search_path, and nothing that is reported:
# https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COMMANDCOMPLETE
# None: it has not answered yet, in a pipeline.
ANSWERS = frozenset({"SET", "RESET", "DO", "CALL", None})
FUNCTION = "set_config"

# By the driver's connection, whose cursors need not be Django's.
_in_doubt: WeakSet[psycopg.Connection] = WeakSet()


def reported(connection: psycopg.Connection) -> Reported:
    """What the server has last said about the connection: without a round trip, after each statement."""
    status = connection.pgconn.parameter_status
    return status(b"application_name"), status(b"search_path")


def is_in_doubt(connection: psycopg.Connection) -> bool:
    """May a statement have changed the role or search_path since the last switch?"""
    return connection in _in_doubt


def trust(connection: psycopg.Connection) -> None:
    """It has just been switched."""
    _in_doubt.discard(connection)


@cache
def watched(cursor: type[psycopg.Cursor]) -> type[psycopg.Cursor]:
    """A class of the driver's cursors that notes what may change a session."""
    return type(cursor.__name__, (Watched, cursor), {})


class Watched:
    """Part of a driver's cursor. It judges by the server's answers, which neither comments nor case can hide."""

    connection: psycopg.Connection
    statusmessage: str | None
    # Was what was executed last more than one statement?
    is_several = False

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            super().execute(query, *args, **kwargs)  # type: ignore[misc]
        except BaseException:
            _in_doubt.add(self.connection)
            raise
        if self.statusmessage in ANSWERS or FUNCTION in str(query).lower():
            _in_doubt.add(self.connection)
        self.is_several = bool(self.nextset())  # type: ignore[attr-defined]
        if self.is_several:
            self.set_result(0)  # type: ignore[attr-defined]
            _in_doubt.add(self.connection)
        return self

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        with doubted(self.connection):
            super().executemany(*args, **kwargs)  # type: ignore[misc]

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        with doubted(self.connection):
            yield from super().stream(*args, **kwargs)  # type: ignore[misc]

    @contextmanager
    def copy(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        with doubted(self.connection), super().copy(*args, **kwargs) as copy:  # type: ignore[misc]
            yield copy


@contextmanager
def doubted(connection: psycopg.Connection) -> Iterator[None]:
    """Around what is sent: afterwards the role may be another, whatever was raised."""
    try:
        yield
    finally:
        _in_doubt.add(connection)
