"""The welcome text's places on the home page: the card, and the line that says that it changed."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists
from django.utils import timezone

from profiles.welcome.models import Welcome

NEWS_FOR = timedelta(days=14)


def context(page: Any) -> dict[str, Any]:
    return {"welcome": loaded(page["request"])}


def news(page: Any) -> dict[str, Any] | None:
    """For those who did not write it themselves."""
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
    """Of the first steps, the one that is done with a text."""
    return Exists(Welcome.objects.exclude(text=""))
