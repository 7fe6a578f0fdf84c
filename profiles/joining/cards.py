"""What stands on pages of others: on the sign-in page, and above the list of people."""

from typing import Any

from profiles.joining.models import Applicant, Joining
from shared.keyset import KeysetPage


def join(_page: Any) -> dict[str, Any] | None:
    return {} if Joining.objects.filter(takes_requests=True).exists() else None


def members(_page: Any) -> dict[str, Any] | None:
    """How many requests wait, counted as far as pages count."""
    waiting = Applicant.objects.waiting()[: KeysetPage.most_counted].count()
    return {"waiting": waiting} if waiting else None
