"""The number of sessions, on the overview “Sign-in and security”."""

from typing import Any

from profiles.models import Session


def context(page: Any) -> dict[str, Any]:
    return {"number": max(1, Session.objects.filter(user=page["request"].user).count())}
