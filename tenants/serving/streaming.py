"""The body of a streamed response, which is made after the request has ended.

Each part takes a turn, a connection and time-outs of its own, and leaves them while it is sent: a browser that reads
slowly keeps no place. So nothing in the database lasts from one part to the next, no transaction and no cursor.
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
    """Have each part made inside the tenant, or outside all. A file has been opened already, and asks nothing."""
    if response.is_async:
        response.streaming_content = async_parts(tenant, response.streaming_content)
    elif not getattr(response, "file_to_stream", None):
        closers = response._resource_closers
        response.streaming_content = parts(tenant, response.streaming_content)
        # Where the browser goes before the end, it is these that end the view's generator.
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
    """It waits for its turn however many do: the parts before it have been sent."""
    with working(tenant, longest=float("inf")), without_server_side():
        yield
        refuse_transaction()


@asynccontextmanager
async def async_part_of(tenant: Tenant | None) -> AsyncIterator[None]:
    async with working_async(tenant, longest=float("inf")):
        with without_server_side():
            yield
            await sync_to_async(refuse_transaction)()


def refuse_transaction() -> None:
    """Raise TransactionManagementError for one that is open, which would be another request's a moment later."""
    if has_open_transaction():
        connections[DEFAULT_DB_ALIAS].close()
        raise TransactionManagementError(
            "A streamed response may not give a part from inside `atomic()`: its connection goes to other requests "
            "while the part is sent. End the transaction before `yield`."
        )
