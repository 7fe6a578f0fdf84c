"""The welcome text's place on the home page."""

from typing import Any

from django.db.models import Exists

from profiles.welcome.models import Welcome


def context(_page: Any) -> dict[str, Any]:
    return {"welcome": Welcome.load()}


def is_written(_viewer: Any) -> Exists:
    """Of the first steps, the one that is done with a text."""
    return Exists(Welcome.objects.exclude(text=""))
