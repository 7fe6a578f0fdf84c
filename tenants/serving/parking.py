"""Connections that wait for the next thread: a process has as many as threads work at once, however many there are.

Django keeps a connection for each thread that ever asked. Where threads are also where requests wait for their turn
(tenants/serving/turns.py), that would be many, each with all that PostgreSQL remembers of each organisation.
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

# The last one is the first to be taken again: few are in use while few are needed.
_parked: deque[Any] = deque()
# A child that used its parent's connections would read the parent's answers.
os.register_at_fork(after_in_child=_parked.clear)
_is_borrowing: ContextVar[bool] = ContextVar("is_borrowing", default=False)


@contextmanager
def parked() -> Iterator[None]:
    """Work on a connection that another thread has left, if there is one, and leave it to the next.

    As it is: it knows its schema and role, and closes when it is too old or broken (CONN_MAX_AGE), as at the end of a
    request. A thread that has a connection of its own keeps it.
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
    """The same for a coroutine, whose statements are all sent by one thread (asgiref's thread-sensitive one)."""
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
    """Leave the connection to other threads while this one waits for something else, outside all transactions.

    One that is this thread's own, and not parked(), is kept.
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
    with suppress(IndexError):  # There is none, or another thread was faster.
        connections[DEFAULT_DB_ALIAS] = _parked.pop()


def has_own() -> bool:
    return bool(connections.all(initialized_only=True))


def leave_own() -> None:
    """Leave the connection that this thread has now, if it has needed one."""
    if has_own():
        leave(connections[DEFAULT_DB_ALIAS])


def has_open_transaction() -> bool:
    """Is the connection that was borrowed in a transaction?"""
    return _is_borrowing.get() and has_own() and connections[DEFAULT_DB_ALIAS].in_atomic_block


def leave(connection: Any) -> None:
    """Park it for the next thread, or close it if as many are parked as can be in use, or if a transaction is open
    that nobody will end.
    """
    del connections[DEFAULT_DB_ALIAS]
    connection.close_if_unusable_or_obsolete()
    if connection.in_atomic_block or len(_parked) >= settings.WEB_CONNECTIONS:
        connection.close()
    else:
        if not connection.allow_thread_sharing:
            connection.inc_thread_sharing()
        _parked.append(connection)
