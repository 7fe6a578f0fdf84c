"""Roles by the groups of another system: lines of "Group = role", of which the first that fits counts."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profiles.roles import Role

# No other system makes owners.
GIVEN = (Role.ADMIN, Role.EDITOR, Role.READER)


def parsed(text: str) -> list[tuple[str, str]]:
    """Groups with their roles. Raises ValidationError for a line that is none, and for a role that no group gives."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        group, _equals, role = (part.strip() for part in line.rpartition("="))
        if not group or role not in GIVEN:
            words = _("“%(line)s” is no line such as: Group = editor. The roles are %(roles)s.")
            raise ValidationError(words, code="line", params={"line": line[:100], "roles": ", ".join(GIVEN)})
        found.append((group, role))
    return found


def check_given(role: str, roles: str) -> None:
    """Raise ValidationError, by field, if another system cannot give the role of new members or those of the lines."""
    if role not in GIVEN:
        raise ValidationError({"role": ValidationError(_("Choose one of the roles."), code="unknown")})
    try:
        parsed(roles)
    except ValidationError as error:
        raise ValidationError({"roles": error}) from error


def role_by(text: str, groups: Collection[object]) -> str:
    """The role that these groups give, or "" if none does."""
    return next((role for group, role in parsed(text) if group in groups), "")
