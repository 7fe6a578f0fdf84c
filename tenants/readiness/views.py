"""The readiness pages: /health/ready/ for load balancers, /health/all/ for monitors."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from tenants.readiness.findings import Finding, recent


@login_not_required
@never_cache
def readiness(request: HttpRequest) -> HttpResponse:
    """503 only while this process can serve no page. What else is wrong is in the body."""
    found = recent.findings()
    return told(request, found, is_well=all(each.serves for each in found))


@login_not_required
@never_cache
def attention(request: HttpRequest) -> HttpResponse:
    """503 while anything is wrong."""
    found = recent.findings()
    return told(request, found, is_well=all(each.is_well for each in found))


def told(request: HttpRequest, found: Iterable[Finding], *, is_well: bool) -> HttpResponse:
    """Problems and figures only for requests with READINESS_TOKEN."""
    words = "\n".join(map(str, found)) if is_trusted(request) else summary(found)
    return HttpResponse(f"{words}\n", status=200 if is_well else 503, content_type="text/plain")


def summary(found: Iterable[Finding]) -> str:
    if not all(each.serves for each in found):
        return "not ready"
    return "ready" if all(each.is_well for each in found) else "needs attention"


def is_trusted(request: HttpRequest) -> bool:
    """Checks a token, not the client address: through a proxy, all requests come from the same address."""
    token = settings.READINESS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("authorization", ""), f"Bearer {token}")
