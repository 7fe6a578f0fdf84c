"""The line above every page of a member who has to set up a second factor, with the days that are left."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.utils import timezone

from profiles.required_factor.deadlines import deadline_of


def context(page: Any) -> dict[str, Any] | None:
    request = page.get("request")
    end = deadline_of(request) if request is not None else None
    if end is None:
        return None
    days = max(0, ceil((end - timezone.now()) / timedelta(days=1)))
    return {"end": end, "days": days, "organisation": page["request"].tenant}
