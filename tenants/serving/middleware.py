"""From a request's host to its organisation, and back to none when the request ends."""

import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from psycopg import errors

from tenants.context import PUBLIC_SCHEMA, public, within
from tenants.errors import SchemaIncomplete
from tenants.isolation.log import TENANT, on_host_of
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.serving import hosts
from tenants.serving.parking import parked
from tenants.serving.streaming import stream_within
from tenants.serving.turns import Crowded, health_turns, turns

logger = logging.getLogger(__name__)

# On every host, whatever it leads to: it is the process that is asked for.
HEALTH = ("/health/", "/health/ready/")
# What PostgreSQL raises at the timeouts of tenants/isolation/timeouts.py.
TIMED_OUT = (errors.QueryCanceled, errors.LockNotAvailable, errors.IdleInTransactionSessionTimeout)


class TenantRequest(HttpRequest):
    """What a request is once it has passed here. Its tenant is None on the public site."""

    tenant: Tenant | None
    urlconf: str
    answer_instead: Callable[[], HttpResponse]


Handler = Callable[[TenantRequest], Any]


class TenantMiddleware:
    """Serves the public site on the base domain, an organisation on its host, and says so on any other."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: TenantRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self.call_async(request)
        with on_host_of(request):
            return self.call(request)

    def call(self, request: TenantRequest) -> HttpResponseBase:
        with parked():
            refusal = enter(request)
        if refusal is not None:
            return refusal
        try:
            # Who has to wait for a turn has no connection, which those who work may need.
            with turn(request), parked(), scope(request):
                return leave(request, self.get_response(request))
        except Crowded:
            return busy()

    async def call_async(self, request: TenantRequest) -> HttpResponseBase:
        with on_host_of(request):
            refusal = await sync_to_async(enter)(request)
            if refusal is not None:
                return refusal
            with scope(request):
                return leave(request, await self.get_response(request))


def turn(request: TenantRequest) -> AbstractContextManager[None]:
    """A thread's turn among all organisations and the public site. Who asks for our health waits for none of them."""
    if request.path_info in HEALTH:
        return health_turns().taken(PUBLIC_SCHEMA)
    return turns().taken(request.tenant.schema_name if request.tenant else PUBLIC_SCHEMA)


@contextmanager
def scope(request: TenantRequest) -> Iterator[None]:
    kind = "health" if request.path_info in HEALTH else "request"
    with within(request.tenant) if request.tenant else public(), limited(kind):
        yield


def enter(request: TenantRequest) -> HttpResponse | None:
    """Give the request its tenant (None on the public site) and URLs, or return a page that says why not."""
    request.tenant = None
    request.META[TENANT] = PUBLIC_SCHEMA
    request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
    host = hosts.normalise(request.get_host())
    if host == settings.BASE_DOMAIN or request.path_info in HEALTH:
        # Nobody signs in here, where there is no table of sessions: a cookie of that name is another
        # program's.
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return None
    try:
        with limited("request"):
            place = hosts.find(host)
    except OperationalError:
        logger.exception("The directory of organisations cannot be read.")
        return outage()
    return admit(request, place)


def admit(request: TenantRequest, place: hosts.Place | None) -> HttpResponse | None:
    """The same for what the host leads to."""
    if place is None:
        return render(request, "shared/unknown_host.html", {"public_url": settings.BASE_URL}, status=404)
    request.META[TENANT] = place.tenant.schema_name
    if not place.is_primary:
        # Not a permanent one: browsers keep those for ever, and an organisation may take an old address back.
        return HttpResponseRedirect(place.tenant.url(request.get_full_path()), preserve_request=True)
    if place.tenant.state == Tenant.State.SUSPENDED:
        return render(request, "shared/suspended.html", {"organisation": place.tenant.name}, status=403)
    if not place.tenant.is_complete:
        return unavailable()
    request.tenant = place.tenant
    request.urlconf = settings.ROOT_URLCONF
    return None


def leave(request: TenantRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response, or what has to be sent instead of it."""
    if (answer := getattr(request, "answer_instead", None)) is not None:
        return answer()
    if response.streaming and request.tenant:
        stream_within(request.tenant, response)
    return response


def unavailable() -> HttpResponse:
    """The page of an organisation whose schema is not whole."""
    return come_back("shared/unavailable.html", seconds=60)


def busy() -> HttpResponse:
    """The page for a request that would have taken too long."""
    return come_back("shared/busy.html", seconds=5)


def outage() -> HttpResponse:
    """The page while the database cannot be had."""
    return come_back("shared/outage.html", seconds=60)


def come_back(template: str, *, seconds: int) -> HttpResponse:
    """A page that asks the database nothing, as who is signed in, and that costs next to nothing in a flood."""
    body = rendered(template)
    return HttpResponse(body, status=503, headers={"Retry-After": str(seconds), "Content-Length": str(len(body))})


@cache
def rendered(template: str) -> bytes:
    return render_to_string(template).encode()


def note_error(request: TenantRequest, **kwargs: Any) -> None:  # noqa: ARG001  what a signal sends
    """A schema that turns out not to be whole, a lost database, and a timeout, in a view or in another middleware, are
    503.

    Django logs the exception as it does any other.
    """
    error = sys.exc_info()[1]
    if isinstance(error, SchemaIncomplete):
        request.answer_instead = unavailable
    if isinstance(error, OperationalError):
        request.answer_instead = outage
    if isinstance(error, DatabaseError) and isinstance(error.__cause__, TIMED_OUT):
        request.answer_instead = busy


got_request_exception.connect(note_error, dispatch_uid="tenants.serving.middleware")
