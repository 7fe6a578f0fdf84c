"""Roles by groups of the provider, at each sign-in: lines of "Group = role", of which the first that fits counts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.invitations.changes import withdraw
from profiles.models import User
from profiles.own_sign_in.models import ROLES, Provider
from profiles.roles import Role
from tenants.events import emit


def parsed(text: str) -> list[tuple[str, str]]:
    """Groups with their roles. Raises ValidationError for a line that is none, and for a role that no group gives."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        group, _equals, role = (part.strip() for part in line.rpartition("="))
        if not group or role not in ROLES:
            words = _("“%(line)s” is no line such as: Group = editor. The roles are %(roles)s.")
            raise ValidationError(words, code="line", params={"line": line[:100], "roles": ", ".join(ROLES)})
        found.append((group, role))
    return found


def role_of(provider: Provider, claims: dict[str, Any]) -> str:
    """The role that the person's groups give, or "" if none does."""
    said = claims.get(provider.groups_claim)
    groups = said if isinstance(said, list) else [said]
    return next((role for group, role in parsed(provider.roles) if group in groups), "")


def follow(member: User, role: str) -> None:
    """Give the member this role. Owners stay owners: no provider makes them, and none unmakes them."""
    present = User.objects.select_for_update().get(pk=member.pk)
    if not role or present.role in (role, Role.OWNER):
        return
    emit("member.role_changed", present, by=present, role=(present.role, role))
    present.role = member.role = role
    present.save(update_fields=["role"])
    withdraw(present, by=present)
