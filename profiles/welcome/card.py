"""The welcome text on the home page: its card, and the news that it was changed."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists
from django.utils import timezone

from profiles.welcome.models import Welcome

NEWS_FOR = timedelta(days=14)


def context(page: Any) -> dict[str, Any]:
    return {"welcome": loaded(page["request"])}


def news(page: Any) -> dict[str, Any] | None:
    """The news, for everyone except its author."""
    request = page["request"]
    welcome = loaded(request)
    is_theirs = welcome.text and welcome.updated_by and welcome.updated_by != request.user
    return {"welcome": welcome} if is_theirs and welcome.updated > timezone.now() - NEWS_FOR else None


def loaded(request: Any) -> Welcome:
    """The text, read once for each page."""
    if not hasattr(request, "welcome"):
        request.welcome = Welcome.load()
    return request.welcome


def is_written(_viewer: Any) -> Exists:
    """Whether there is a text: one of the first steps."""
    return Exists(Welcome.objects.exclude(text=""))
