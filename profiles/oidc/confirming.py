"""The first time that a provider names a member, the member signs in once in another way, and so confirms it."""

import time
from typing import Any

from django.http import HttpRequest

from profiles.models import User

SECONDS = 10 * 60


def remember(request: HttpRequest, key: str, *, member: User, **values: Any) -> None:
    """Under this key of the session."""
    request.session[key] = values | {"member": member.pk, "at": time.time()}


def is_named(request: HttpRequest, key: str, user: User) -> bool:
    """Did the provider name this member in this browser, some minutes ago?"""
    found = request.session.get(key)
    return found is not None and found["member"] == user.pk and time.time() - found["at"] < SECONDS


def take(request: HttpRequest | None, key: str, user: User) -> dict[str, Any] | None:
    """What was remembered about this member, who has just signed in. It is forgotten, also about another member."""
    if request is None or not hasattr(request, "session"):
        return None
    is_confirmed = is_named(request, key, user)
    found: dict[str, Any] | None = request.session.pop(key, None)
    return found if is_confirmed else None
