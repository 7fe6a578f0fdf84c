"""The number of sessions, on the overview “Sign-in and security”."""

from typing import Any

from allauth.usersessions.models import UserSession


def context(page: Any) -> dict[str, Any]:
    return {"number": max(1, UserSession.objects.filter(user=page["request"].user).count())}
