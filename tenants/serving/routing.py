"""From a request's host to its organisation, or to the page that says why there is none."""

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

# On every host, whatever it leads to: it is the process that is asked for.
HEALTH = ("/health/", "/health/ready/")


class TenantRequest(HttpRequest):
    """What a request is once it has passed the middleware. Its tenant is None on the public site."""

    tenant: Tenant | None
    place: hosts.Place | None
    urlconf: str
    answer_instead: Callable[[], HttpResponse]


def find(request: TenantRequest) -> HttpResponse | None:
    """Look up what the request's host leads to. Returns a page if that is nothing, or cannot be found out."""
    request.tenant = request.place = None
    request.META[TENANT] = PUBLIC_SCHEMA
    request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
    host = hosts.normalise(request.get_host())
    if host == settings.BASE_DOMAIN or request.path_info in HEALTH:
        # Nobody signs in here, where there is no table of sessions: a cookie of that name is another
        # program's.
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
    pace().keep()
    return unknown_host()


@cache
def pace() -> Pace:
    """This process's, of hosts that lead nowhere."""
    return Pace(**settings.UNKNOWN_HOSTS)


def admit(request: TenantRequest) -> HttpResponse | None:
    """Give the request its tenant and URLs, or return the page that the organisation has instead of its own."""
    place = request.place
    if place is None:
        return None
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
