"""The browser's own list of organisations where it was signed in: a cookie of the base domain, with slugs only."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from shared.headers import is_below_ours
from tenants.addresses.slugs import LABEL
from tenants.organisations.sign_up import domain_of

COOKIE = "organisations"
MOST = 10
SECONDS = 365 * 86_400


class RememberMiddleware:
    """Adds the organisation to the list in the response that signs a member in.

    It does so below the base domain only: at an organisation's own domain, a browser takes no cookie for another one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "has_signed_in", False) and is_below_ours(request):
            keep(response, [request.tenant.slug, *remembered(request)])  # type: ignore[attr-defined]  # TenantRequest
        return response


@receiver(user_logged_in, dispatch_uid="profiles.finding")
def note(request: HttpRequest | None, **_kwargs: Any) -> None:
    if request is not None and getattr(request, "tenant", None) is not None:
        request.has_signed_in = True  # type: ignore[attr-defined]  # read above


def remembered(request: HttpRequest) -> list[str]:
    """Slugs, the latest first. Every site below the base domain can write the cookie, so all else is left out."""
    words = request.COOKIES.get(COOKIE, "")[: MOST * 64].split(".")
    return list(dict.fromkeys(word for word in words if re.match(LABEL, word)))[:MOST]


def keep(response: HttpResponse, slugs: list[str]) -> None:
    response.set_cookie(
        COOKIE,
        ".".join(list(dict.fromkeys(slugs))[:MOST]),
        max_age=SECONDS,
        domain=settings.BASE_DOMAIN,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, domain=settings.BASE_DOMAIN, samesite="Lax")


def address_of(slug: str) -> dict[str, str]:
    """A link to an organisation. Its name is not looked up: a cookie may name any slug."""
    return {"host": domain_of(slug), "url": settings.BASE_URL.replace("://", f"://{slug}.", 1)}
