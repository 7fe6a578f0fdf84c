"""What stands on the page of an organisation that is suspended."""

from typing import Any

from profiles.leaving.models import Departure
from tenants.context import public


def suspended(page: Any) -> dict[str, Any] | None:
    """Until when it can be kept; None where an operator has suspended it, and in the gallery."""
    place = page["request"].place
    if place is None:
        return None
    with public():
        departure = Departure.objects.filter(tenant=place.tenant).first()
    return {"departure": departure} if departure else None
