"""Detects changes of a session since the last switch: by the server's reports, and by the statements that were sent.

Each switch sets an `application_name` that this connection has never had before. PostgreSQL reports every change of it
to the client, also after a rollback or DISCARD ALL, and what resets the name resets everything that was set with it.
From PostgreSQL 18 on it reports `search_path` as well:
https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC

It never reports the role. So the driver's cursors note each statement that may have changed the role alone, such as
SET ROLE.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from weakref import WeakSet

import psycopg

Reported = tuple[bytes | None, bytes | None]

# PostgreSQL's command tags of statements that can change the role or search_path without changing what it reports:
# https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COMMANDCOMPLETE
# None: no answer yet, in a pipeline.
ANSWERS = frozenset({"SET", "RESET", "DO", "CALL", None})
# set_config() itself, and what runs a query that an earlier statement has prepared.
WORDS = ("set_config", "execute")

# Keyed by the driver's connection, since cursors may be created without Django.
_in_doubt: WeakSet[psycopg.Connection] = WeakSet()


def reported(connection: psycopg.Connection) -> Reported:
    """What the server last reported about the connection. Read locally, without a round trip."""
    status = connection.pgconn.parameter_status
    return status(b"application_name"), status(b"search_path")


def is_in_doubt(connection: psycopg.Connection) -> bool:
    """May a statement have changed the role or search_path since the last switch?"""
    return connection in _in_doubt


def trust(connection: psycopg.Connection) -> None:
    """Note that the connection has just been switched."""
    _in_doubt.discard(connection)


@cache
def watched(cursor: type[psycopg.Cursor]) -> type[psycopg.Cursor]:
    """A subclass of the driver's cursor class that notes statements that may change the session."""
    watching = WatchedServerSide if issubclass(cursor, psycopg.ServerCursor) else Watched
    return type(cursor.__name__, (watching, cursor), {})


def watching(cursor: Any) -> Any:
    """The same cursor, whose class is watched. Django has no setting for the class of its server-side cursors."""
    if not isinstance(cursor, Watched | WatchedServerSide):
        cursor.__class__ = watched(type(cursor))  # type: ignore[arg-type]  # a class is hashable
    return cursor


class Watched:
    """Part of a driver's cursor. It reads the server's command tags, which comments and case cannot disguise."""

    connection: psycopg.Connection
    statusmessage: str | None
    # Did the last execute() send more than one statement?
    is_several = False

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            super().execute(query, *args, **kwargs)  # type: ignore[misc]
        except BaseException:
            _in_doubt.add(self.connection)
            raise
        if changes_unseen(self.statusmessage, str(query).lower()):
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


class WatchedServerSide:
    """Part of a driver's server-side cursor. PostgreSQL runs a query's functions while rows are fetched."""

    connection: psycopg.Connection

    def fetchone(self) -> Any:
        with doubted(self.connection):
            return super().fetchone()  # type: ignore[misc]

    def fetchmany(self, *args: Any) -> Any:
        with doubted(self.connection):
            return super().fetchmany(*args)  # type: ignore[misc]

    def fetchall(self) -> Any:
        with doubted(self.connection):
            return super().fetchall()  # type: ignore[misc]

    def __next__(self) -> Any:
        with doubted(self.connection):
            return super().__next__()  # type: ignore[misc]

    def scroll(self, *args: Any, **kwargs: Any) -> None:
        with doubted(self.connection):
            super().scroll(*args, **kwargs)  # type: ignore[misc]


def changes_unseen(answer: str | None, query: str) -> bool:
    """May this statement, in lower case, have changed what the server does not report?"""
    is_fetch = answer is not None and answer.startswith(("FETCH", "MOVE"))
    return answer in ANSWERS or is_fetch or any(word in query for word in WORDS)


@contextmanager
def doubted(connection: psycopg.Connection) -> Iterator[None]:
    """Mark the connection as in doubt afterwards, also after an exception: the role may have changed."""
    try:
        yield
    finally:
        _in_doubt.add(connection)
