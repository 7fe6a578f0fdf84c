"""Streams: each part has a turn, a connection and timeouts, which are released while the part is sent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.db import OperationalError, connection, connections, transaction
from django.db.transaction import TransactionManagementError
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from profiles.models import User
from tenants.context import schema_name
from tenants.models import Tenant
from tenants.serving.middleware import TenantMiddleware
from tenants.serving.parking import _parked, has_own
from tenants.serving.streaming import async_parts
from tenants.serving.turns import Turns
from tests.tenants.serving.test_asgi import ask as ask_by_asgi
from tests.tenants.where import address_of, ask, backend, owners_address, search_path

STREAMS = 16
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"


@pytest.fixture
def lot(acme_and_globex, monkeypatch, settings) -> Iterator[list[Tenant]]:
    """Nothing is parked, connections are kept, and there are few places."""
    connections.close_all()
    _parked.clear()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    settings.WEB_CONNECTIONS = 5
    few = Turns(places=3, most=2, longest=50)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: few)
    yield acme_and_globex
    connections.close_all()
    while _parked:
        _parked.pop().close()


def streamed(content: Callable[[], Any], host: str = "acme.localhost") -> Any:
    """The response of a site whose only view streams this."""
    middleware: Any = TenantMiddleware(lambda _: StreamingHttpResponse(content()))
    return middleware(RequestFactory().get("/", headers={"host": host}))


def in_a_thread(function: Callable[[], Any]) -> Any:
    """As a server does it: in a thread that has no connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result(30)


def counted() -> Iterator[str]:
    """How many connections there are, three times."""
    for _ in range(3):
        yield f"{ask(COUNT)} {owners_address()}\n"


def read(response: Any) -> tuple[int, set[str], bool]:
    """The most connections that it saw, the member it found, and whether the thread has a connection afterwards."""
    lines = b"".join(response).decode().splitlines()
    response.close()
    return max(int(line.split()[0]) for line in lines), {line.split()[1] for line in lines}, has_own()


@pytest.mark.slow
def test_as_many_streams_as_threads_need_no_more_connections_than_there_are_places(lot):
    hosts = [tenant.domain for tenant in lot] * (STREAMS // 2)
    connections.close_all()
    with ThreadPoolExecutor(STREAMS) as pool:
        seen = list(pool.map(lambda host: read(streamed(counted, host)), hosts))
    assert max(number for number, _, _ in seen) <= 5
    assert [found for _, found, _ in seen] == [{address_of(tenant)} for tenant in lot] * (STREAMS // 2)
    assert not any(is_left for _, _, is_left in seen), "A thread keeps a connection for good."


def test_who_reads_slowly_keeps_no_place(lot, monkeypatch):
    one = Turns(places=1, most=1, longest=0)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: one)

    def look() -> None:
        slow = streamed(counted)
        iterator = iter(slow)
        next(iterator)
        assert not has_own()
        assert in_a_thread(lambda: read(streamed(counted, "globex.localhost")))[1] == {"owner@globex.example"}
        assert len(list(iterator)) == 2

    in_a_thread(look)


def test_a_statement_of_a_stream_has_its_time(lot, settings):
    settings.TIMEOUTS = settings.TIMEOUTS | {"request": ("50ms", "50ms", "1s")}

    def slow() -> Iterator[str]:
        yield "first"
        yield str(ask("SELECT pg_sleep(5)"))

    with pytest.raises(OperationalError, match="statement timeout"):
        in_a_thread(lambda: list(streamed(slow)))


def test_the_public_site_streams_under_the_same_bounds(lot):
    def place() -> Iterator[str]:
        yield f"{schema_name()} {search_path()} {ask('SHOW statement_timeout')}"

    assert in_a_thread(lambda: streamed(place, "localhost").getvalue()) == b"public public 15s"


def test_rows_of_one_query_are_streamed_over_connections_that_others_use_meanwhile(lot):
    """All rows are fetched at once: a server-side cursor would last into another request."""

    def people() -> Iterator[str]:
        for user in User.objects.order_by("pk").iterator(chunk_size=1):
            yield f"{user.email}\n"

    def look() -> list[str]:
        response = streamed(people)
        iterator = iter(response)
        first = next(iterator)
        in_a_thread(lambda: [each.close() for each in _parked])
        return [part.decode().strip() for part in (first, *iterator)]

    found = in_a_thread(look)
    assert found[:2] == ["owner@acme.example", "admin@acme.example"]
    assert len(found) == 5


def test_a_part_from_inside_a_transaction_is_refused(lot):
    """Its connection would go to another request with the transaction open."""

    def careless() -> Iterator[str]:
        with transaction.atomic():
            yield owners_address()

    def look() -> None:
        response = streamed(careless)
        with pytest.raises(TransactionManagementError, match="End the transaction before `yield`"):
            list(response)
        response.close()
        assert not has_own()

    in_a_thread(look)
    assert not any(each.in_atomic_block for each in _parked)


def test_a_browser_that_goes_leaves_no_connection_in_its_thread(lot):
    """Although the view's generator queries something at its end."""
    seen = []

    def tidy() -> Iterator[str]:
        try:
            yield "first"
            yield "second"
        finally:
            seen.append(owners_address())

    def look() -> bool:
        response = streamed(tidy)
        next(iter(response))
        response.close()
        return has_own()

    assert in_a_thread(look) is False
    assert seen == ["owner@acme.example"]


# --- By ASGI ------------------------------------------------------------------------------------------------------


async def counted_async() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield f"{await sync_to_async(ask)(COUNT)} {await sync_to_async(owners_address)()}\n".encode()


def test_async_streams_need_no_more_connections_than_there_are_places(lot):
    """Each request has a thread of its own there, without a pool too."""

    async def read_one(tenant: Tenant) -> list[str]:
        async with ThreadSensitiveContext():
            found = [part async for part in async_parts(tenant, counted_async())]
            assert not await sync_to_async(has_own)()
        return b"".join(found).decode().splitlines()

    async def read_all() -> list[list[str]]:
        return await asyncio.gather(*(read_one(tenant) for tenant in lot * (STREAMS // 2)))

    connections.close_all()
    lines = asyncio.run(read_all())
    assert max(int(line.split()[0]) for each in lines for line in each) <= 5
    assert [{line.split()[1] for line in each} for each in lines] == [{address_of(tenant)} for tenant in lot] * 8


@pytest.mark.slow
def test_pages_and_streams_through_the_whole_of_asgi_need_no_more_connections_either(lot, settings):
    settings.ROOT_URLCONF = "tests.tenants.strange_urls"
    connections.close_all()

    async def ask_all() -> list[tuple[int, str]]:
        paths = ["/stream-async/", "/slow/", "/", "/where-async/"] * (STREAMS // 4)
        return await asyncio.gather(*map(ask_by_asgi, paths))

    over, most = Event(), [0]

    def count() -> None:
        while not over.wait(0.02):
            most[0] = max(most[0], ask(COUNT) - 1)  # but for this one
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(count)
        try:
            answers = asyncio.run(ask_all())
        finally:
            over.set()
    assert {status for status, _ in answers} == {200}
    assert answers[0][1].split() == ["owner@acme.example", "admin@acme.example"]
    assert 0 < most[0] <= 5


def test_async_views_take_turns(lot):
    """If all other middleware is async too: at most as many run as there are places, and no connection stays."""
    running, most = [0], [0]

    async def view(_request: object) -> StreamingHttpResponse:
        running[0] += 1
        most[0] = max(most[0], running[0])
        await asyncio.sleep(0.02)
        number = await sync_to_async(backend)()
        running[0] -= 1
        return StreamingHttpResponse([str(number)])

    middleware: Any = TenantMiddleware(view)

    async def visit(host: str) -> tuple[int, bool]:
        async with ThreadSensitiveContext():
            page = await middleware(RequestFactory().get("/", headers={"host": host}))
            return page.status_code, await sync_to_async(has_own)()

    hosts = [tenant.domain for tenant in lot] * 10

    async def visit_all() -> list[tuple[int, bool]]:
        return await asyncio.gather(*map(visit, hosts))

    assert set(asyncio.run(visit_all())) == {(200, False)}
    assert 1 < most[0] <= 3


def test_a_browser_that_goes_while_it_waits_gives_its_turn_to_others(lot, monkeypatch):
    one = Turns(places=1, most=1, longest=5)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: one)

    async def play() -> list[bytes]:
        with one.taken("public"):
            gone = asyncio.create_task(anext(async_parts(lot[0], counted_async())))
            while not one._lines:
                await asyncio.sleep(0.01)
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
        assert not one._lines
        return [part async for part in async_parts(lot[1], counted_async())]

    assert len(asyncio.run(play())) == 3
    assert not one._running
