"""A row of each model of this app, for tests that need one of every model."""

from profiles.groups.models import Group
from profiles.models import User
from profiles.scim_groups.models import Link


def make(people: dict[str, User]) -> None:
    Link.objects.create(group=Group.objects.create(name="Of the directory"), external_id="00g1 %s ☃")
