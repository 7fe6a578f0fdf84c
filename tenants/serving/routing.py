"""Finds the organisation of a request's host, or the page that is shown instead."""

import logging
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from shared.faults import outage, unavailable, unknown_host
from tenants.current import PUBLIC_SCHEMA
from tenants.isolation.log import TENANT
from tenants.models import Tenant
from tenants.serving import hosts
from tenants.serving.errors import page_for
from tenants.serving.pace import Pace

logger = logging.getLogger(__name__)

# Served on every host, since they are about the process and not about an organisation.
HEALTH = ("/health/", "/health/ready/", "/health/all/")


class TenantRequest(HttpRequest):
    """A request after the middleware. Its tenant is None on the public site."""

    tenant: Tenant | None
    place: hosts.Place | None
    urlconf: str
    answer_instead: Callable[[], HttpResponse]


def find(request: TenantRequest) -> HttpResponse | None:
    """Look up the request's host. Returns an error page if it is unknown, or if the look-up fails."""
    request.tenant = request.place = None
    request.META[TENANT] = PUBLIC_SCHEMA
    request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
    host = hosts.normalise(request.get_host())
    if host == settings.BASE_DOMAIN or request.path_info in HEALTH:
        # There is no sign-in and no table of sessions here: a cookie of that name belongs to another program.
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return None
    try:
        request.place = hosts.find(host)
    except DatabaseError as error:
        logger.exception("The directory of organisations cannot be read.")
        return (page_for(error) or outage)()
    if request.place:
        request.META[TENANT] = request.place.tenant.schema_name
        return None
    refusals().keep()
    return unknown_host()


@cache
def refusals() -> Pace:
    """This process's pace of refusals: requests to unknown hosts, and those for which the queues are too long."""
    return Pace(**settings.REFUSED_REQUESTS)


def admit(request: TenantRequest) -> HttpResponse | None:
    """Set the request's tenant and URLs, or return the response that replaces the organisation's pages."""
    place = request.place
    if place is None:
        return None
    if not place.is_primary:
        # A temporary redirect: browsers cache permanent ones, and an organisation may return to an old address.
        return HttpResponseRedirect(place.tenant.url(request.get_full_path()), preserve_request=True)
    if place.tenant.state == Tenant.State.SUSPENDED:
        return render(
            request,
            "shared/suspended.html",
            {"organisation": place.tenant.name, "sentence": place.tenant.suspension},
            status=403,
        )
    if not place.tenant.is_complete:
        return unavailable()
    request.tenant = place.tenant
    request.urlconf = settings.OPERATORS_URLCONF if place.tenant.is_operators else settings.ROOT_URLCONF
    return None
