"""The first time that a provider names a member, the member signs in once in another way, and so confirms it."""

import time
from typing import Any

from django.http import HttpRequest

from profiles.models import User
from shared.session_values import NUMBER, session_value

SECONDS = 10 * 60
SHAPE = {"member": int, "at": NUMBER}


def remember(request: HttpRequest, key: str, *, member: User, **values: Any) -> None:
    """Under this key of the session."""
    request.session[key] = values | {"member": member.pk, "at": time.time()}


def is_named(request: HttpRequest, key: str, user: User) -> bool:
    """Did the provider name this member in this browser, some minutes ago?"""
    found = session_value(request, key, SHAPE)
    return found is not None and found["member"] == user.pk and time.time() - found["at"] < SECONDS


def take(request: HttpRequest | None, key: str, user: User, **shape: Any) -> dict[str, Any] | None:
    """What was remembered about this member, who has just signed in. It is forgotten, also about another member.
    `shape` has the types of the values that remember() was given.
    """
    if request is None or not hasattr(request, "session"):
        return None
    found = session_value(request, key, shape) if is_named(request, key, user) else None
    request.session.pop(key, None)
    return found
