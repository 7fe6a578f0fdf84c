"""From a request's host to its organisation, and back to none when the request ends."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from tenants import hosts
from tenants.context import public, within
from tenants.errors import SchemaIncomplete
from tenants.models import Tenant

Handler = Callable[[HttpRequest], Any]


class TenantMiddleware:
    """Serves the public site on the base domain, an organisation on its own host, and says so on any other."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if iscoroutinefunction(self):
            return self.call_async(request)
        refusal = enter(request)
        if refusal is not None:
            return refusal
        with scope(request):
            return self.get_response(request)

    async def call_async(self, request: HttpRequest) -> HttpResponse:
        refusal = await sync_to_async(enter)(request)
        if refusal is not None:
            return refusal
        with scope(request):
            return await self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A schema that turns out not to be whole is the organisation's 503, not everybody's 500."""
        return unavailable(request) if isinstance(exception, SchemaIncomplete) else None


def scope(request: HttpRequest) -> Any:
    return within(request.tenant) if request.tenant else public()


def enter(request: HttpRequest) -> HttpResponse | None:
    """Give the request its tenant (None on the public site) and URLs, or return the page that says why not."""
    request.tenant = None
    request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
    host = hosts.normalise(request.get_host())
    if host == settings.BASE_DOMAIN:
        return None
    place = hosts.find(host)
    if place is None:
        return render(request, "shared/unknown_host.html", {"public_url": settings.BASE_URL}, status=404)
    if not place.is_primary:
        return HttpResponsePermanentRedirect(place.tenant.url(request.get_full_path()))
    if place.tenant.state == Tenant.State.SUSPENDED:
        return render(request, "shared/suspended.html", {"organisation": place.tenant.name}, status=403)
    if not place.tenant.is_complete:
        return unavailable(request)
    request.tenant = place.tenant
    request.urlconf = settings.ROOT_URLCONF
    return None


def unavailable(request: HttpRequest) -> HttpResponse:
    response = render(request, "shared/unavailable.html", status=503)
    response["Retry-After"] = "60"
    return response
