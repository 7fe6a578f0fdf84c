"""Remembers browsers with which a member has signed in: each keeps a signed cookie for a year."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.sign_in.user_agents import in_words
from tenants import signing
from tenants.notices import notify

SALT = "device"
SECONDS = 366 * 86_400
# For a browser that several members use, the last ones are remembered.
MOST = 5
# New members sign in for the first time and get no notification.
JOINING = timedelta(hours=1)


class DeviceMiddleware:
    """Sets the cookie after a sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if keys := getattr(request, "known_to", None):
            response.set_cookie(
                cookie_name(),
                signing.dumps({"members": " ".join(keys)}, salt=SALT),
                max_age=SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


@receiver(user_logged_in)
def meet(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    known = keys_in(request)
    key = str(user.pk)
    if key not in known and timezone.now() - user.date_joined > JOINING:
        browser = in_words(request.headers.get("user-agent")) or _("an unknown browser")
        notify(user, "session.new_device", browser=browser)
    request.known_to = [*(each for each in known if each != key), key][-MOST:]  # type: ignore[attr-defined]


def keys_in(request: HttpRequest) -> list[str]:
    """The primary keys of the members who have signed in with this browser, in order of their last sign-in."""
    value = request.COOKIES.get(cookie_name(), "")
    try:
        return signing.loads(value, salt=SALT, max_age=SECONDS, shape={"members": str})["members"].split()
    except BadSignature:
        return []


def cookie_name() -> str:
    """With https, the name has a prefix with which no other host can set the cookie (config/settings.py)."""
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"
