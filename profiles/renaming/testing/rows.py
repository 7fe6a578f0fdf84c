"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.renaming.models import FormerName


def make(people: dict[str, User]) -> None:
    FormerName.objects.create(name="RÉADER.OF.OLD", member=people["reader"])
