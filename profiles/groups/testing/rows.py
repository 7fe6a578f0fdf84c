"""A row of each model of this app, for tests that need one of every model."""

from profiles.groups.models import Group, Membership
from profiles.models import User


def make(people: dict[str, User]) -> None:
    group = Group.objects.create(name="Grüße & “Co”", description="\\n \t %s ☃")
    Membership.objects.create(group=group, user=people["reader"])
