"""The roles in an organisation, and each right as a one-line predicate."""

from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.capabilities.registry import rights


class Member(Protocol):
    """The attributes of a user that the rules need. A protocol, since the model imports this module."""

    @property
    def pk(self) -> Any: ...
    @property
    def role(self) -> str: ...
    @property
    def is_active(self) -> bool: ...
    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


class Owned(Protocol):
    """The attributes of a profile that the rules need."""

    @property
    def user_id(self) -> Any: ...
    @property
    def permitted(self) -> tuple[Any, bool] | None: ...


class Role(models.TextChoices):
    """The roles, from most to fewest rights."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    EDITOR = "editor", _("Editor")
    READER = "reader", _("Reader")


class Audience(models.TextChoices):
    """Who sees a field of a profile besides the member, from most to fewest."""

    EVERYONE = "everyone", _("Everyone")
    MANAGERS = "managers", _("Owners and admins")
    SELF = "self", _("Only the member")


MANAGERS = (Role.OWNER, Role.ADMIN)
WRITERS = (Role.OWNER, Role.ADMIN, Role.EDITOR)


def check_role(role: str) -> None:
    """Raise ValidationError, by field, for an unknown role."""
    if role not in Role.values:
        raise ValidationError({"role": ValidationError(_("Choose one of the roles."), code="unknown")})


def manages_members(user: Member) -> bool:
    return user.is_active and user.role in MANAGERS


def edits_settings(user: Member) -> bool:
    return user.is_active and user.role in MANAGERS


def sets_up(user: Member) -> bool:
    """Does this user see the organisation's first steps?"""
    return user.is_active and user.role == Role.OWNER


def manages(actor: Member, member: Member) -> bool:
    """May the actor change this member's role or state? Not their own, and admins not an owner's."""
    return manages_members(actor) and actor.pk != member.pk and (actor.role == Role.OWNER or member.role != Role.OWNER)


def grants(actor: Member, role: str) -> bool:
    """May the actor give a member this role? Only owners make owners."""
    return manages_members(actor) and role in Role.values and (actor.role == Role.OWNER or role != Role.OWNER)


def granted_roles(actor: Member) -> list[tuple[str, str]]:
    """The roles that the actor may give, as choices for a form."""
    return [(role.value, str(role.label)) for role in Role if grants(actor, role)]


def edits_profile(viewer: Member, profile: Owned) -> bool:
    """Does guardian let the viewer change this profile? Only its own user may (profiles/receivers.py).

    It costs no query if the answer was loaded with the profile (profiles/access.py).
    """
    if profile.permitted is not None and profile.permitted[0] == viewer.pk:
        return viewer.is_active and profile.permitted[1]
    return viewer.has_perm("profiles.change_profile", profile)


def belongs_to(viewer: Member, audience: str, user_id: Any) -> bool:
    """Is the viewer one of those who see a field of this user's profile? Everyone sees their own."""
    if viewer.pk == user_id or audience == Audience.EVERYONE:
        return True
    return audience == Audience.MANAGERS and manages_members(viewer)


def sees_contacts(viewer: Member) -> bool:
    """May the viewer see all members' email and phone? Those who write content may."""
    return viewer.is_active and viewer.role in WRITERS


def sees_contact(viewer: Member, profile: Owned) -> bool:
    """May the viewer see this member's email and phone? Everyone sees their own."""
    return viewer.pk == profile.user_id or sees_contacts(viewer)


def sees_birth_date(viewer: Member, profile: Owned) -> bool:
    """May the viewer see the full date? Their own, and all if they manage members. Others see no year."""
    return viewer.pk == profile.user_id or manages_members(viewer)


class May:
    """The viewer's rights, for templates: `{% if may.manage_members %}`. Visitors, who are never active, have none.

    Apps register rights in their apps.py (shared/capabilities). Raises AttributeError for an unregistered right.
    """

    def __init__(self, user: Any) -> None:
        self._user = user

    def __getattr__(self, name: str) -> bool:
        try:
            right = rights()[name]
        except KeyError:
            raise AttributeError(f"No app has registered the right {name!r}.") from None
        return bool(self._user.is_active and right(self._user))
