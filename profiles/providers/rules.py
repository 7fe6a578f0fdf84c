"""Which providers the sign-in page and the account offer."""

from typing import Any

from profiles.providers.models import Identity
from profiles.providers.offered import configured, offered
from profiles.roles import Member


def links_providers(user: Member) -> bool:
    return user.is_active and bool(configured())


def offer(_page: Any) -> dict[str, Any] | None:
    """The buttons on the sign-in page; without a provider, nothing."""
    found = offered()
    return {"providers": list(found.values())} if found else None


def security(page: Any) -> dict[str, Any] | None:
    """A line of the overview of sign-in and security."""
    if not offered():
        return None
    return {"number": Identity.objects.filter(member=page["request"].user).count()}
