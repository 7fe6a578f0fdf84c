"""What stands on pages of others: in the settings, and on the page of an organisation that is suspended."""

from typing import Any

from profiles.leaving.models import Departure
from profiles.leaving.rights import deletes_organisation
from tenants.context import public


def settings(page: Any) -> dict[str, Any] | None:
    return {} if deletes_organisation(page["request"].user) else None


def suspended(page: Any) -> dict[str, Any] | None:
    """Until when it can be kept; None where an operator has suspended it, and in the gallery."""
    place = page["request"].place
    if place is None:
        return None
    with public():
        departure = Departure.objects.filter(tenant=place.tenant).first()
    return {"departure": departure} if departure else None
