"""With ASGI: async views, streams, and organisations at the same time."""

import asyncio
import re
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse

from config.asgi import Handler
from config.asgi_access import logged
from tenants.context import current
from tenants.models import Tenant
from tenants.serving.middleware import TenantMiddleware
from tests.security.logs import AccessLog
from tests.tenants.where import owners_address

PATIENCE = 30  # Seconds.


@pytest.fixture
def asgi(settings, acme_and_globex) -> list[Tenant]:
    """A site with misbehaving views by ASGI, with its own threads and connections."""
    settings.ROOT_URLCONF = "tests.tenants.strange_urls"
    return acme_and_globex


async def ask(path: str, host: str = "acme.localhost", application: Any = None) -> tuple[int, str]:
    """Status and body of a page, through all of ASGI."""
    scope = {
        "type": "http",
        "method": "GET",
        "http_version": "1.1",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", host.encode())],
    }
    browser = ApplicationCommunicator(application or ASGIHandler(), scope)
    await browser.send_input({"type": "http.request", "body": b""})
    start, body, more = await browser.receive_output(PATIENCE), b"", True
    while more:
        part = await browser.receive_output(PATIENCE)
        body, more = body + part.get("body", b""), part.get("more_body", False)
    await browser.wait(PATIENCE)
    assert current() is None
    return start["status"], body.decode()


def test_an_async_view(asgi):
    """Two organisations at the same time."""

    async def both() -> list[tuple[int, str]]:
        hosts = ["acme.localhost", "globex.localhost"] * 5
        return await asyncio.gather(*(ask("/where-async/", host) for host in hosts))

    expected = [(200, f"{tenant.schema_name} owner@{tenant.slug}.example") for tenant in asgi]
    assert async_to_sync(both)() == expected * 5


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/fail/", 500), ("/fail-async/", 500), ("/drop/", 503), ("/change-tenant/", 200)],
)
def test_asgi_leaves_no_tenant_behind(asgi, path, status):
    assert async_to_sync(ask)(path)[0] == status
    assert current() is None


def test_asgi_streams_in_the_tenant(asgi):
    _, body = async_to_sync(ask)("/stream-async/")
    assert body.split() == ["owner@acme.example", "admin@acme.example"]


def test_asgi_is_logged_as_wsgi_is(asgi):
    access = AccessLog()
    application = logged(Handler(), access.logger)
    sizes = [
        len(async_to_sync(ask)(path, application=application)[1].encode()) for path in ("/", "/stream-async/", "/中/")
    ]
    where_from = rf"\] {asgi[0].schema_name} acme\.localhost [0-9a-f]{{32}} - - "
    for line, size, said in zip(
        access.text.getvalue().splitlines(),
        sizes,
        ('GET / HTTP/1.1" 200', 'GET /stream-async/ HTTP/1.1" 200', 'GET /%E4%B8%AD/ HTTP/1.1" 404'),
        strict=True,
    ):
        assert re.search(rf'{where_from}"{re.escape(said)} {size} \d+ms "-" "-"$', line), line


def test_asgi_refuses_as_wsgi_does(asgi):
    assert async_to_sync(ask)("/", "nobody.localhost")[0] == 404


def test_between_async_middleware_it_is_async_itself(acme, rf):
    """Django runs it so if its neighbours are async; the product's are not."""

    async def view(request) -> HttpResponse:
        return HttpResponse(await sync_to_async(owners_address)())

    async def both() -> list[str]:
        middleware: Any = TenantMiddleware(view)
        pages = [
            await middleware(rf.get("/", headers={"host": host})) for host in ("acme.localhost", "nobody.localhost")
        ]
        assert current() is None
        return [page.text for page in pages]

    found, missing = async_to_sync(both)()
    assert found == "owner@acme.example"
    assert "There is no organisation at this address" in missing
