"""What each answer tells the browser, a refusal too."""

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
    """Around Django's own, with its headers for what that one refuses: a host that is none, asked for by http."""

    def process_request(self, request: HttpRequest) -> None:
        """Sends nobody to https, which the inner one does."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """As in Django. A customer's own domain has other hosts, which are not ours to bind to https for a year.

        Of a page whose address is a secret no cache keeps a copy, and no Referer header repeats the path. Not by
        `no-referrer`: browsers then send `Origin: null` with a form, which the CSRF check refuses.
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
    """Did the request come to the public site, which alone is for search engines?"""
    return host_of(request) == settings.BASE_DOMAIN


def is_below_ours(request: HttpRequest) -> bool:
    """Did the request come to the base domain, or to a host below it?"""
    return is_same_domain(host_of(request), f".{settings.BASE_DOMAIN}")


def host_of(request: HttpRequest) -> str:
    """The host that a request names, without its port; "" for what is no host."""
    try:
        return split_domain_port(request.get_host())[0]
    except DisallowedHost:
        return ""
