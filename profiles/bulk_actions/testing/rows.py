"""A row of each model of this app, for tests that need one of every model."""

from profiles.bulk_actions.models import Run
from profiles.models import User


def make(people: dict[str, User]) -> None:
    done = [people["reader"].pk]
    Run.objects.create(actor=people["owner"], list_name="people", action="role", total=1, waiting=[], done=done)
