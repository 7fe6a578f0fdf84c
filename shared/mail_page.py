"""A mail's HTML as a page of its own, for development."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import HttpResponse

# A mail brings its own styles, and must be able to do nothing else than open a link in a tab of its own.
MAIL_POLICY = {
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def mail_page(html: str) -> HttpResponse:
    """The answer of a view with `@csp(MAIL_POLICY)`."""
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
