"""Cards on other pages: in the settings, and on the home page of the member who got the offer."""

from typing import Any

from profiles.ownership.models import Offer
from profiles.ownership.rights import hands_over


def settings(page: Any) -> dict[str, Any] | None:
    return {} if hands_over(page["request"].user) else None


def home(page: Any) -> dict[str, Any] | None:
    offers = list(Offer.objects.open().select_related("giver").filter(taker=page["request"].user).order_by("pk"))
    return {"offers": offers} if offers else None
