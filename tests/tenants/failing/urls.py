"""The product's addresses, and two that fail. `failing.jobs` has the job that one of them queues."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from profiles.models import User
from tests.tenants.failing.jobs import fall


@login_not_required
def queue(request: HttpRequest) -> HttpResponse:
    fall.defer(pk=request.user.pk)
    return HttpResponse("queued")


def fail(request: HttpRequest, token: str) -> HttpResponse:
    user = request.user
    logging.getLogger("shop").error("%s cannot pay at %s.", user.email, request.path)  # type: ignore[union-attr]
    local = "-".join(["kept", "in", "a", "variable"])
    raise ValueError(f"{request.path} of {User.objects.get(pk=user.pk).email}, and {len(local)} more")


urlpatterns = [
    path("queue/", queue),
    path("invitations/<str:token>/fail/", fail),
    path("", include("config.tenant_urls")),
]
