"""The readiness page, for monitors."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from tenants.readiness.findings import recent


@login_not_required
@never_cache
def readiness(request: HttpRequest) -> HttpResponse:
    """200 or 503 for everyone; problems and figures only for requests with READINESS_TOKEN."""
    found = recent.findings()
    is_ready = all(each.is_well for each in found)
    words = "\n".join(map(str, found)) if is_trusted(request) else "ready" if is_ready else "not ready"
    return HttpResponse(f"{words}\n", status=200 if is_ready else 503, content_type="text/plain")


def is_trusted(request: HttpRequest) -> bool:
    """Checks a token, not the client address: through a proxy, all requests come from the same address."""
    token = settings.READINESS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("authorization", ""), f"Bearer {token}")
