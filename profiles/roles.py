"""Who may do what in an organisation: the roles, and every right as a one-line predicate."""

from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.capabilities.registry import rights


class Member(Protocol):
    """What the rules ask of a user. The model itself imports this module."""

    @property
    def pk(self) -> Any: ...
    @property
    def role(self) -> str: ...
    @property
    def is_active(self) -> bool: ...
    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


class Owned(Protocol):
    """What the rules ask of a profile."""

    @property
    def user_id(self) -> Any: ...
    @property
    def permitted(self) -> tuple[Any, bool] | None: ...


class Role(models.TextChoices):
    """From most to least rights."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    EDITOR = "editor", _("Editor")
    READER = "reader", _("Reader")


MANAGERS = (Role.OWNER, Role.ADMIN)
WRITERS = (Role.OWNER, Role.ADMIN, Role.EDITOR)


def check_role(role: str) -> None:
    """Raise ValidationError, by field, for what is no role."""
    if role not in Role.values:
        raise ValidationError({"role": ValidationError(_("Choose one of the roles."), code="unknown")})


def manages_members(user: Member) -> bool:
    return user.is_active and user.role in MANAGERS


def edits_settings(user: Member) -> bool:
    return user.is_active and user.role in MANAGERS


def sets_up(user: Member) -> bool:
    """Who is shown an organisation's first steps."""
    return user.is_active and user.role == Role.OWNER


def manages(actor: Member, member: Member) -> bool:
    """May the actor change this member's role or state? Nobody their own, and an admin no owner's."""
    return manages_members(actor) and actor.pk != member.pk and (actor.role == Role.OWNER or member.role != Role.OWNER)


def grants(actor: Member, role: str) -> bool:
    """May the actor give somebody this role? Only an owner makes owners."""
    return manages_members(actor) and role in Role.values and (actor.role == Role.OWNER or role != Role.OWNER)


def granted_roles(actor: Member) -> list[tuple[str, str]]:
    """The roles that the actor may give, as choices for a form."""
    return [(role.value, str(role.label)) for role in Role if grants(actor, role)]


def edits_profile(viewer: Member, profile: Owned) -> bool:
    """guardian's word on this very object; only the owner of a profile has it (profiles/receivers.py).

    It need not be asked for a second time where it came with the profile (profiles/access.py).
    """
    if profile.permitted is not None and profile.permitted[0] == viewer.pk:
        return viewer.is_active and profile.permitted[1]
    return viewer.has_perm("profiles.change_profile", profile)


def sees_contacts(viewer: Member) -> bool:
    """Everybody's email and phone: for those who write in the organisation's name."""
    return viewer.is_active and viewer.role in WRITERS


def sees_contact(viewer: Member, profile: Owned) -> bool:
    """One person's email and phone: one's own too."""
    return viewer.pk == profile.user_id or sees_contacts(viewer)


def sees_birth_date(viewer: Member, profile: Owned) -> bool:
    """The full date: one's own, and for those who manage members. Others see the day, not the year."""
    return viewer.pk == profile.user_id or manages_members(viewer)


class May:
    """The viewer's rights, for templates: `{% if may.manage_members %}`. Visitors, who are never active, have none.

    Apps register rights in their apps.py (shared/capabilities). Raises AttributeError for one that no app has.
    """

    def __init__(self, user: Any) -> None:
        self._user = user

    def __getattr__(self, name: str) -> bool:
        try:
            right = rights()[name]
        except KeyError:
            raise AttributeError(f"No app has registered the right {name!r}.") from None
        return bool(self._user.is_active and right(self._user))
