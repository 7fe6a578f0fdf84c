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


def role_by(text: str, groups: Collection[object]) -> str:
    """The role that these groups give, or "" if none does."""
    return next((role for group, role in parsed(text) if group in groups), "")
