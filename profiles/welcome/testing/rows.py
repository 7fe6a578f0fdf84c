"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.welcome.models import Welcome


def make(people: dict[str, User]) -> None:
    Welcome.objects.create(pk=1, text="Welcome!", updated_by=people["editor"])
