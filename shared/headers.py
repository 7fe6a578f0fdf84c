"""What each answer tells the browser, a refusal too."""

from django.http import HttpRequest
from django.middleware.security import SecurityMiddleware


class HeadersMiddleware(SecurityMiddleware):
    """Around Django's own, with its headers for what that one refuses: a host that is none, asked for by http."""

    def process_request(self, request: HttpRequest) -> None:
        """Sends nobody to https, which the inner one does."""
