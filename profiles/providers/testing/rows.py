"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.providers.models import Identity


def make(people: dict[str, User]) -> None:
    Identity.objects.create(member=people["reader"], provider="google", subject="1089", shown="rita@gmail.com")
