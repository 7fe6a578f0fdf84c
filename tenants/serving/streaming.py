"""The body of a streamed response, which is made after the request has ended."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any

from tenants.context import within
from tenants.models import Tenant

END = object()


def stream_within(tenant: Tenant, response: Any) -> None:
    """Have each part of it made inside the tenant. A file has been opened already, and asks nothing."""
    if response.is_async:
        response.streaming_content = async_parts(tenant, response.streaming_content)
    elif not getattr(response, "file_to_stream", None):
        response.streaming_content = parts(tenant, response.streaming_content)


def parts(tenant: Tenant, content: Iterable[bytes]) -> Iterator[bytes]:
    iterator = iter(content)
    while True:
        with within(tenant):
            part: Any = next(iterator, END)
        if part is END:
            return
        yield part


async def async_parts(tenant: Tenant, content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    iterator = aiter(content)
    while True:
        with within(tenant):
            part: Any = await anext(iterator, END)
        if part is END:
            return
        yield part
