"""A row of each model of this app, for tests that need one of every model."""

from profiles.custom_fields.testing.pages import define
from profiles.models import User


def make(people: dict[str, User]) -> None:
    define(people)
