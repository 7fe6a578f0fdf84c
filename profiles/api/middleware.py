"""Below /api/, everything is JSON: ProblemMiddleware is outermost, and TokenMiddleware authenticates."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from profiles.api.authentication import authenticate, counted
from profiles.api.places import Place, place_of, says_itself, takes_tokens
from profiles.api.problems import Refused
from profiles.api.requests import ApiRequest
from profiles.api.retiring import headers_for
from shared.middleware import Around
from tenants.limits.counting import Rate
from tenants.models import Tenant

# Public: they contain nothing about an organisation.
OPEN = ("/api/v1/openapi.json",)


class ProblemMiddleware(Around):
    """Converts every error to a problem, from all middleware, and ignores session cookies."""

    @contextmanager
    def around(self, request: HttpRequest) -> Iterator[None]:
        if takes_tokens(request.path_info):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        yield

    def answered(self, request: HttpRequest, response: Any) -> HttpResponse:
        place = place_of(request.path_info)
        if place is None:
            return response
        for name, value in headers_for(request.path_info).items():
            response[name] = f"{response[name]}, {value}" if name in response else value
        if response.status_code >= 400 and not says_itself(request.path_info, response["Content-Type"]):
            make_problem(response, place, Refused(response.status_code, reason(request, response.status_code)))
        return response


def make_problem(response: HttpResponse, place: Place, refused: Refused) -> None:
    """Put a problem into a response, and keep its headers: Retry-After, Allow, security headers."""
    response.content = place.written(refused)
    response["Content-Type"] = place.content_type
    response["Content-Length"] = str(len(response.content))
    del response["Content-Language"]


def reason(request: HttpRequest, status: int) -> str:
    """The reason why the organisation is not served."""
    place = getattr(request, "place", None)
    if place is None and getattr(request, "tenant", None) is None and status == 404:
        return _("No organisation has this address.")
    if status == 403 and place is not None and place.tenant.state == Tenant.State.SUSPENDED:
        return _("This organisation is suspended.")
    return ""


class TokenMiddleware:
    """Authenticates each request as its token's member, and counts it against the token's limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ApiRequest) -> HttpResponse:
        place = place_of(request.path_info)
        if place is None or request.tenant is None:
            return self.get_response(request)
        request.user = AnonymousUser()  # type: ignore[assignment]
        if request.path_info in OPEN:
            return self.get_response(request)
        try:
            request.token = authenticate(request)
            request.user = request.token.user
            request.acts_via, request.acts_as = request.token.name, place.actor
            limits = counted(request.token, Rate(*place.rate()))
        except Refused as refused:
            return private(refusal(place, refused))
        response = self.get_response(request)
        for name, value in limits.items():
            response[name] = value
        return private(response)


def refusal(place: Place, refused: Refused) -> HttpResponse:
    content = place.written(refused)
    return HttpResponse(content, status=refused.status, content_type=place.content_type, headers=refused.headers)


def private(response: HttpResponse) -> HttpResponse:
    """Prevent shared caches from giving one member's response to another."""
    if "Cache-Control" not in response:
        patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Authorization"])
    return response
