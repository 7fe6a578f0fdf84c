"""The body of a streamed response, which is made after the request has ended."""

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
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


def parts(tenant: Tenant, content: Iterable[bytes]) -> Generator[bytes]:
    with within(tenant):
        iterator = iter(content)
    try:
        while True:
            with within(tenant):
                part: Any = next(iterator, END)
            if part is END:
                return
            yield part
    finally:
        with within(tenant):
            close = getattr(iterator, "close", None)
            if close:
                close()


async def async_parts(tenant: Tenant, content: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    with within(tenant):
        iterator = aiter(content)
    try:
        while True:
            with within(tenant):
                part: Any = await anext(iterator, END)
            if part is END:
                return
            yield part
    finally:
        with within(tenant):
            close = getattr(iterator, "aclose", None)
            if close:
                await close()
