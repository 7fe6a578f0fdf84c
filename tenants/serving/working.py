"""The resources of a request: a turn, a connection, timeouts, and its organisation."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from django.db import connection

from tenants.context import PUBLIC_SCHEMA, public, within
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.serving.async_turns import taken
from tenants.serving.parking import has_own, parked, parked_async, released
from tenants.serving.resting import resting
from tenants.serving.turns import Turns, health_turns, paused, turns


@contextmanager
def working(tenant: Tenant | None, kind: str = "request", *, is_admitted: bool = False) -> Iterator[None]:
    """Wait for a turn of the organisation, or of the public site, and work there. Raises Crowded if it is refused,
    because too many wait; one that has been answered in part is admitted already, and is not.
    """
    # A request that waits for its turn has no connection: running requests need it.
    with turns_of(kind).taken(name_of(tenant), is_admitted=is_admitted), parked(), scope(tenant, kind), resting():
        yield


@asynccontextmanager
async def working_async(
    tenant: Tenant | None, kind: str = "request", *, is_admitted: bool = False
) -> AsyncIterator[None]:
    """The same for a coroutine, which waits without a thread."""
    async with taken(turns_of(kind), name_of(tenant), is_admitted=is_admitted), parked_async():
        with scope(tenant, kind):
            yield


@contextmanager
def waiting() -> Iterator[None]:
    """Give up place and connection while waiting for something else than the database or the processor. In a
    transaction, which needs both, keep them. Raises Crowded, at once, if too many of the organisation wait already.
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
    """Health checks have turns of their own, and wait for no organisation."""
    return health_turns() if kind == "health" else turns()


def name_of(tenant: Tenant | None) -> str:
    return tenant.schema_name if tenant else PUBLIC_SCHEMA
