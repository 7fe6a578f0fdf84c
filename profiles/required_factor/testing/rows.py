"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.required_factor.models import Requirement, Scope


def make(_people: dict[str, User]) -> None:
    Requirement.objects.create(scope=Scope.MANAGERS, grace_days=30)
