"""The groups of the demo's organisations."""

from profiles.groups.models import Group, Membership
from profiles.models import User
from tenants.models import Tenant

NAMES = {"Engineering": "Build it, and keep it running.", "Design": "", "Works council": "Ask them in confidence."}


def make(_tenant: Tenant) -> None:
    """In the current tenant, one of the demo's: every third member is in each of three groups."""
    people = list(User.objects.active().order_by("pk"))
    for number, (name, description) in enumerate(NAMES.items()):
        group = Group.objects.create(name=name, description=description)
        Membership.objects.bulk_create([Membership(group=group, user=member) for member in people[number::3]])
