"""Runs each request in its organisation, in turn, and resets the current tenant when the request ends."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http.response import HttpResponseBase

from shared.faults import busy
from tenants.isolation.log import about
from tenants.models import Tenant
from tenants.serving.routing import HEALTH, TenantRequest, admit, find, refusals
from tenants.serving.streaming import stream
from tenants.serving.turn import Crowded
from tenants.serving.working import working, working_async

Handler = Callable[[TenantRequest], Any]


class TenantMiddleware:
    """Serves the public site on the base domain, organisations on their hosts, and an error page on any other host."""

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
        with about(request):
            return self.call(request)

    def call(self, request: TenantRequest) -> HttpResponseBase:
        if (page := find(request)) is not None:
            return page
        try:
            with working(*whose(request)):
                return admit(request) or leave(request, self.get_response(request))
        except Crowded:
            refusals().keep()
            return busy()

    async def call_async(self, request: TenantRequest) -> HttpResponseBase:
        with about(request):
            if (page := await sync_to_async(find)(request)) is not None:
                return page
            try:
                async with working_async(*whose(request)):
                    return admit(request) or leave(request, await self.get_response(request))
            except Crowded:
                await sync_to_async(refusals().keep)()
                return busy()


def whose(request: TenantRequest) -> tuple[Tenant | None, str]:
    """The organisation whose turn the request takes, even if it is suspended or has moved, and the kind of request."""
    tenant = request.place.tenant if request.place else None
    return tenant, "health" if request.path_info in HEALTH else "request"


def leave(request: TenantRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response, or the error page that replaces it."""
    if (answer := getattr(request, "answer_instead", None)) is not None:
        return answer()
    if response.streaming and not getattr(response, "takes_turns", False):
        stream(request.tenant, response)
    return response
