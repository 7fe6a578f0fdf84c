"""What joining adds to other pages: the sign-in page, and the top of the list of people."""

from typing import Any

from profiles.joining.models import Applicant, Joining
from shared.keyset import KeysetPage


def join(_page: Any) -> dict[str, Any] | None:
    return {} if Joining.objects.filter(takes_requests=True).exists() else None


def members(_page: Any) -> dict[str, Any] | None:
    """The number of pending requests, up to the bound for counts on pages."""
    waiting = Applicant.objects.waiting()[: KeysetPage.most_counted].count()
    return {"waiting": waiting} if waiting else None
