"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.returning.models import KEPT, Former


def make(people: dict[str, User]) -> None:
    values = dict.fromkeys(KEPT, "")
    Former.objects.create(email=people["reader"].email, name="Röta & “Co”", role="reader", profile=values)
