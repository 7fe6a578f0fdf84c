"""Security headers of each response, including refusals."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.middleware.security import SecurityMiddleware
from django.utils.cache import add_never_cache_headers
from django.utils.http import is_same_domain

from shared.secret_paths import is_secret

HSTS = "Strict-Transport-Security"


class HeadersMiddleware(SecurityMiddleware):
    """Wraps Django's SecurityMiddleware, so that a response in which it refuses an invalid host has headers too."""

    def process_request(self, request: HttpRequest) -> None:
        """Does not redirect to https: the inner middleware does."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """As in Django, but without HSTS on customers' own domains: their other hosts may not support https.

        A page whose address is a secret is not cached, and its path is not sent in Referer headers. `no-referrer` is
        not used for that: browsers then send `Origin: null` with a form, which the CSRF check refuses.
        https://fetch.spec.whatwg.org/#append-a-request-origin-header
        """
        response = super().process_response(request, response)
        if is_secret(request.path_info):
            response["Referrer-Policy"] = "strict-origin"
            add_never_cache_headers(response)
        if not is_public(request):
            response["X-Robots-Tag"] = "noindex"  # also of pages that lead there from elsewhere, robots.txt or not
        if HSTS in response and not is_below_ours(request):
            response[HSTS] = f"max-age={self.sts_seconds}"
        return response


def is_public(request: HttpRequest) -> bool:
    """Is the request for the public site? Only that is open to search engines."""
    return host_of(request) == settings.BASE_DOMAIN


def is_below_ours(request: HttpRequest) -> bool:
    """Is the request's host the base domain, or a host below it?"""
    return is_same_domain(host_of(request), f".{settings.BASE_DOMAIN}")


def host_of(request: HttpRequest) -> str:
    """The request's host without the port; "" if it is invalid."""
    try:
        return split_domain_port(request.get_host())[0]
    except DisallowedHost:
        return ""
