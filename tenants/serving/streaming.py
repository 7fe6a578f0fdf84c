"""Streamed responses, whose body is produced after the request has ended.

Each part takes its own turn, connection and timeouts, and releases them while the part is sent, so that a slow client
holds no place. So no transaction and no cursor lasts from one part to the next.
"""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.transaction import TransactionManagementError

from tenants.backend.cursors import without_server_side
from tenants.models import Tenant
from tenants.serving.parking import has_open_transaction
from tenants.serving.working import working, working_async

END = object()


def stream(tenant: Tenant | None, response: Any) -> None:
    """Produce each part inside the tenant, or in `public`. A file is already open, and needs no database."""
    if response.is_async:
        response.streaming_content = async_parts(tenant, response.streaming_content)
    elif not getattr(response, "file_to_stream", None):
        closers = response._resource_closers
        response.streaming_content = parts(tenant, response.streaming_content)
        # If the client disconnects early, these end the view's generator.
        closers[:] = [partial(close_in_place, tenant, closer) for closer in closers]


def parts(tenant: Tenant | None, content: Iterable[bytes]) -> Generator[bytes]:
    with part_of(tenant):
        iterator = iter(content)
    try:
        while True:
            with part_of(tenant):
                part: Any = next(iterator, END)
            if part is END:
                return
            yield part
    finally:
        close = getattr(iterator, "close", None)
        if close:
            close_in_place(tenant, close)


async def async_parts(tenant: Tenant | None, content: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    async with async_part_of(tenant):
        iterator = aiter(content)
    try:
        while True:
            async with async_part_of(tenant):
                part: Any = await anext(iterator, END)
            if part is END:
                return
            yield part
    finally:
        close = getattr(iterator, "aclose", None)
        if close:
            async with async_part_of(tenant):
                await close()


def close_in_place(tenant: Tenant | None, close: Callable[[], Any]) -> None:
    with part_of(tenant):
        close()


@contextmanager
def part_of(tenant: Tenant | None) -> Iterator[None]:
    """Wait for a turn even if the queue is full, since earlier parts have already been sent."""
    with working(tenant, is_admitted=True), without_server_side():
        yield
        refuse_transaction()


@asynccontextmanager
async def async_part_of(tenant: Tenant | None) -> AsyncIterator[None]:
    async with working_async(tenant, is_admitted=True):
        with without_server_side():
            yield
            await sync_to_async(refuse_transaction)()


def refuse_transaction() -> None:
    """Raise TransactionManagementError if a transaction is open: the next request would get the connection with it."""
    if has_open_transaction():
        connections[DEFAULT_DB_ALIAS].close()
        raise TransactionManagementError(
            "A streamed response must not yield inside `atomic()`: other requests use its connection while the part "
            "is sent. End the transaction before `yield`."
        )
