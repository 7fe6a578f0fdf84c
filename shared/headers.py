"""What each answer tells the browser, a refusal too."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.middleware.security import SecurityMiddleware
from django.utils.http import is_same_domain

HSTS = "Strict-Transport-Security"


class HeadersMiddleware(SecurityMiddleware):
    """Around Django's own, with its headers for what that one refuses: a host that is none, asked for by http."""

    def process_request(self, request: HttpRequest) -> None:
        """Sends nobody to https, which the inner one does."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """As in Django. A customer's own domain has other hosts, which are not ours to bind to https for a year."""
        response = super().process_response(request, response)
        if HSTS in response and not is_below_ours(request):
            response[HSTS] = f"max-age={self.sts_seconds}"
        return response


def is_below_ours(request: HttpRequest) -> bool:
    """Did the request come to the base domain, or to a host below it?"""
    try:
        host, _port = split_domain_port(request.get_host())
    except DisallowedHost:
        return False
    return is_same_domain(host, f".{settings.BASE_DOMAIN}")
