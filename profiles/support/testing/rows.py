"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.support.models import Visit


def make(people: dict[str, User]) -> None:
    Visit.objects.create(
        member=people["reader"], operator="Vera ☃ “Vendor”", operator_key=7, reason="A photo\\n is missing", minutes=30
    )
