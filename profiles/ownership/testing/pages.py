"""What the addresses and forms of handing over the ownership are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User
from profiles.ownership.models import Offer

COUNTED = ("ownership_offer",)
FORMS = {"hand_over": {"member": "editor"}}
BROWSED = {"owner": ["/settings/ownership/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    Offer.objects.create(giver=people["owner"], taker=people["reader"])
    giver = people["owner"].pk
    return {"ownership_offer": lambda _user: [giver], "decline_ownership_offer": lambda _user: [giver]}
