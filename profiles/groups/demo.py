"""The groups of the demo's organisations."""

from profiles.groups.models import Group, Membership
from profiles.models import User
from tenants.models import Tenant

NAMES = {"Engineering": "Build it, and keep it running.", "Design": "", "Works council": "Ask them in confidence."}


def make(_tenant: Tenant) -> None:
    """Make three groups in the current tenant, an organisation of the demo. Each has every third member."""
    people = list(User.objects.active().order_by("pk"))
    for number, (name, description) in enumerate(NAMES.items()):
        group = Group.objects.create(name=name, description=description)
        Membership.objects.bulk_create([Membership(group=group, user=member) for member in people[number::3]])
