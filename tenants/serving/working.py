"""What code that serves a request works with: a turn, a connection, time-outs, and the request's organisation."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from django.db import connection

from tenants.context import PUBLIC_SCHEMA, public, within
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.serving.async_turns import taken
from tenants.serving.parking import has_own, parked, parked_async, released
from tenants.serving.turns import Turns, health_turns, paused, turns


@contextmanager
def working(tenant: Tenant | None, kind: str = "request", *, longest: float | None = None) -> Iterator[None]:
    """Wait for a turn of the organisation, or of the public site, and work there. Raises Crowded, at once, where
    `longest` wait already, which is the setting's where none is given.
    """
    # A request that waits for its turn has no connection: running ones need it.
    with turns_of(kind).taken(name_of(tenant), longest=longest), parked(), scope(tenant, kind):
        yield


@asynccontextmanager
async def working_async(
    tenant: Tenant | None, kind: str = "request", *, longest: float | None = None
) -> AsyncIterator[None]:
    """The same for a coroutine, which waits without a thread."""
    async with taken(turns_of(kind), name_of(tenant), longest=longest), parked_async():
        with scope(tenant, kind):
            yield


@contextmanager
def waiting() -> Iterator[None]:
    """Wait for something else than the database or the processor: without place and connection, but in a transaction,
    which needs both. Raises Crowded, at once, where too many of the organisation wait so already.
    """
    if has_own() and connection.in_atomic_block:
        yield
        return
    with paused(), released():
        yield


@contextmanager
def scope(tenant: Tenant | None, kind: str) -> Iterator[None]:
    with within(tenant) if tenant else public(), limited(kind):
        yield


def turns_of(kind: str) -> Turns:
    """Who asks for our health waits for no organisation."""
    return health_turns() if kind == "health" else turns()


def name_of(tenant: Tenant | None) -> str:
    return tenant.schema_name if tenant else PUBLIC_SCHEMA
