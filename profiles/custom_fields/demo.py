"""The profile fields of the demo's organisations."""

from profiles.custom_fields.changes import define, fill_in
from profiles.custom_fields.models import Editor, Field, Kind
from profiles.models import Profile, User
from profiles.roles import Audience, Role
from tenants.models import Tenant

DEPARTMENTS = ["Engineering", "Design", "Sales", "Office"]


def make(_tenant: Tenant) -> None:
    """In the current tenant, one of the demo's: a department for everyone, and a number that owners and admins see."""
    owner = User.objects.filter(role=Role.OWNER).earliest("pk")
    define(
        actor=owner,
        field=Field(label="Department", kind=Kind.CHOICE, options=DEPARTMENTS, is_column=True, is_searched=True),
    )
    hidden = {"edited_by": Editor.MANAGERS, "seen_by": Audience.MANAGERS}
    define(actor=owner, field=Field(label="Staff number", kind=Kind.NUMBER, **hidden))
    for number, profile in enumerate(Profile.objects.select_related("user").order_by("pk")):
        fill_in(actor=profile.user, profile=profile, values={"department": DEPARTMENTS[number % len(DEPARTMENTS)]})
        fill_in(actor=owner, profile=profile, values={"staff_number": 4711 + number})
