"""Roles by groups of the provider, at each sign-in."""

from typing import Any

from profiles.invitations.changes import withdraw
from profiles.models import User
from profiles.own_sign_in.models import Provider
from profiles.role_lines import role_by
from profiles.roles import Role
from tenants.events import emit


def role_of(provider: Provider, claims: dict[str, Any]) -> str:
    """The role that the person's groups give, or "" if none does."""
    said = claims.get(provider.groups_claim)
    groups = said if isinstance(said, list) else [said]
    return role_by(provider.roles, groups)


def follow(member: User, role: str) -> None:
    """Give the member this role. Owners stay owners: no provider makes them, and none unmakes them."""
    present = User.objects.select_for_update().get(pk=member.pk)
    if not role or present.role in (role, Role.OWNER):
        return
    emit("member.role_changed", present, by=present, role=(present.role, role))
    present.role = member.role = role
    present.save(update_fields=["role"])
    withdraw(present, by=present)
