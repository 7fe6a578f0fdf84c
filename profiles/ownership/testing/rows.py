"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.ownership.models import Offer


def make(people: dict[str, User]) -> None:
    Offer.objects.create(giver=people["owner"], taker=people["reader"])
