"""A mail's HTML as a page, for development."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import HttpResponse

# A mail has its own styles. It may do nothing else than open a link in a new tab.
MAIL_POLICY = {
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def mail_page(html: str) -> HttpResponse:
    """The response of a view with `@csp(MAIL_POLICY)`."""
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
