"""Cursors that switch to the current tenant also where Django calls no execute wrapper."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.backends.postgresql.base import CursorDebugWrapper
from django.db.backends.utils import CursorWrapper

from tenants import context
from tenants.errors import WrongTenant

_is_without: ContextVar[bool] = ContextVar("is_without_server_side_cursors", default=False)


@contextmanager
def without_server_side() -> Iterator[None]:
    """Make `queryset.iterator()` fetch all rows at once: other requests get the connection before the last is read."""
    token = _is_without.set(True)
    try:
        yield
    finally:
        _is_without.reset(token)


def is_without_server_side() -> bool:
    return _is_without.get()


class Cursor(CursorWrapper):
    """Django's cursor, which switches to the current tenant before each call to the server."""

    def callproc(self, *args: Any, **kwargs: Any) -> Any:
        self.db.switch()
        return super().callproc(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        self.db.switch()
        return self.cursor.copy(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Any:
        self.db.switch()
        return self.cursor.stream(*args, **kwargs)


class DebugCursor(Cursor, CursorDebugWrapper):
    """The same with a log of queries, for DEBUG and for tests that count queries."""

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        with self.debug_sql(statement):
            return super().copy(statement, *args, **kwargs)


class Chunk(list[Any]):
    """Rows of a server-side cursor, which become objects one by one during iteration."""

    def __init__(self, rows: list[Any], schema: str) -> None:
        super().__init__(rows)
        self.schema = schema

    def __iter__(self) -> Iterator[Any]:
        for row in super().__iter__():
            if context.schema_name() != self.schema:
                raise WrongTenant(
                    f"This iterator reads {self.schema}, and {context.schema_name()} is current. "
                    "Finish it where it began, or make a list there."
                )
            yield row


def chunked(fetchmany: Callable[..., list[Any]]) -> Callable[..., Chunk]:
    """`fetchmany` of a cursor opened now, whose rows can become objects in the current tenant only.

    Otherwise `queryset.iterator()`, begun in one tenant and continued in another, would yield objects marked as the
    second tenant's, and saving them would overwrite its rows.
    """
    schema = context.schema_name()

    def fetch(*args: Any) -> Chunk:
        return Chunk(fetchmany(*args), schema)

    return fetch
