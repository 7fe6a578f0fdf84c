"""A site whose views misbehave, for tests of the middleware around them."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from profiles.models import User
from tenants.context import as_owner, public, schema_name
from tenants.serving.routing import TenantRequest
from tests.tenants.where import owners_address


@login_not_required
def where(request: TenantRequest) -> HttpResponse:
    return HttpResponse(f"{schema_name()} {owners_address()} {request.tenant}")


@login_not_required
async def where_async(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    return HttpResponse(f"{schema_name()} {await sync_to_async(owners_address)()}")


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    raise LookupError


@login_not_required
async def fail_async(request: HttpRequest) -> HttpResponse:
    raise LookupError


@login_not_required
def drop(request: HttpRequest) -> HttpResponse:
    """Breaks a running organisation, as by an operator's mistake; rolled back by the error that follows."""
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE profiles_profile CASCADE")
        return HttpResponse(User.objects.select_related("profile").get(pk=1).email)


@login_not_required
def lose(request: HttpRequest) -> HttpResponse:
    """Ends all connections, like a restart of PostgreSQL."""
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse()


@login_not_required
def slow(request: HttpRequest) -> HttpResponse:
    """A statement that takes a second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
    return HttpResponse()


@login_not_required
def change_tenant(request: HttpRequest) -> HttpResponse:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    return HttpResponse()


def people() -> Iterator[str]:
    for user in User.objects.filter(pk__lte=2).order_by("pk").iterator(chunk_size=1):
        yield f"{user.email}\n"


async def people_async() -> AsyncIterator[str]:
    async for user in User.objects.filter(pk__lte=2).order_by("pk"):
        yield f"{user.email}\n"


@login_not_required
def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(people())


@login_not_required
async def stream_async(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(people_async())


handler500 = "shared.faults.broken"

urlpatterns = [
    path("", where),
    path("where-async/", where_async),
    path("fail/", fail),
    path("fail-async/", fail_async),
    path("drop/", drop),
    path("slow/", slow),
    path("lose/", lose),
    path("change-tenant/", change_tenant),
    path("stream/", stream),
    path("stream-async/", stream_async),
]
