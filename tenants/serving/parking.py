"""Parked connections, which the next thread takes over: a process has as many as threads that work at the same time.

Django keeps a connection for every thread that has used one. Here requests also wait for their turn in threads
(tenants/serving/turns.py), so that would be many connections, each with PostgreSQL's cache of all organisations.
"""

import os
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

# Last in, first out, so that few connections are in use while few are needed.
_parked: deque[Any] = deque()
# A forked child that used its parent's connections would read the parent's answers.
os.register_at_fork(after_in_child=_parked.clear)
_is_borrowing: ContextVar[bool] = ContextVar("is_borrowing", default=False)


@contextmanager
def parked() -> Iterator[None]:
    """Work on a connection that another thread has parked, if there is one, and park it again afterwards.

    It is not reset, since it knows its schema and role. It is closed if it is too old or broken (CONN_MAX_AGE), as at
    the end of a request. A thread that has its own connection keeps it.
    """
    if has_own():
        yield
        return
    take()
    token = _is_borrowing.set(True)
    try:
        yield
    finally:
        _is_borrowing.reset(token)
        leave_own()


@asynccontextmanager
async def parked_async() -> AsyncIterator[None]:
    """The same for a coroutine, whose statements all run in one thread (asgiref's thread-sensitive one)."""
    if await sync_to_async(has_own)():
        yield
        return
    await sync_to_async(take)()
    token = _is_borrowing.set(True)
    try:
        yield
    finally:
        _is_borrowing.reset(token)
        await sync_to_async(leave_own)()


@contextmanager
def released() -> Iterator[None]:
    """Park the connection for other threads while this one waits for something else, outside transactions.

    A connection of the thread's own, which does not come from parked(), is kept.
    """
    if not _is_borrowing.get():
        yield
        return
    leave_own()
    try:
        yield
    finally:
        take()


def take() -> None:
    with suppress(IndexError):  # None is parked, or another thread was faster.
        connections[DEFAULT_DB_ALIAS] = _parked.pop()


def has_own() -> bool:
    return bool(connections.all(initialized_only=True))


def leave_own() -> None:
    """Park the connection of this thread, if it has opened or taken one."""
    if has_own():
        leave(connections[DEFAULT_DB_ALIAS])


def has_open_transaction() -> bool:
    """Is the parked() connection in a transaction?"""
    return _is_borrowing.get() and has_own() and connections[DEFAULT_DB_ALIAS].in_atomic_block


def leave(connection: Any) -> None:
    """Park a connection for the next thread. Close it instead if enough are parked already, or if an abandoned
    transaction is open.
    """
    del connections[DEFAULT_DB_ALIAS]
    connection.close_if_unusable_or_obsolete()
    if connection.in_atomic_block or len(_parked) >= settings.WEB_CONNECTIONS:
        connection.close()
    else:
        if not connection.allow_thread_sharing:
            connection.inc_thread_sharing()
        _parked.append(connection)
