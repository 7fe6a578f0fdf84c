"""The part of the page of a suspended organisation that this app adds."""

from typing import Any

from profiles.leaving.models import Departure
from tenants.context import public


def suspended(page: Any) -> dict[str, Any] | None:
    """The date until which it can be kept; None if an operator has suspended it, and in the gallery."""
    place = page["request"].place
    if place is None:
        return None
    with public():
        departure = Departure.objects.filter(tenant=place.tenant).first()
    return {"departure": departure} if departure else None
