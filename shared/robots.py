"""robots.txt and security.txt."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ORGANISATION = "User-agent: *\nDisallow: /\n"
PUBLIC = "User-agent: *\nAllow: /\n"
A_DAY = 86_400
# At most a year is allowed, so that a forgotten file expires (https://www.rfc-editor.org/rfc/rfc9116).
EXPIRES = timedelta(days=180)


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may index the public site, but not organisations."""
    text = ORGANISATION if getattr(request, "tenant", None) else PUBLIC
    return HttpResponse(text, content_type="text/plain")


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_DAY)
def security(_request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability (RFC 9116). 404 if config/brand.py has no address."""
    if not settings.BRAND["SECURITY_EMAIL"]:
        raise Http404
    expires = (timezone.now() + EXPIRES).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{settings.BRAND['SECURITY_EMAIL']}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
