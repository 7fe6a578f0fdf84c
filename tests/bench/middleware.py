"""Tells the pages which organisation is current, where Tenantry's middleware does not."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants.context import within
from tests.bench.contestants.single import ONLY

Handler = Callable[[HttpRequest], HttpResponseBase]


def organisation_of_request(get_response: Handler) -> Handler:
    """The one that django-tenants' middleware has found."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with within(request.tenant):  # type: ignore[attr-defined]  # set by django-tenants
            return get_response(request)

    return middleware


def only_organisation(get_response: Handler) -> Handler:
    """Always the same, and in no database."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.tenant = ONLY  # type: ignore[attr-defined]  # as django-tenants does
        with within(ONLY):
            return get_response(request)

    return middleware
