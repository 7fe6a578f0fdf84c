"""Patterns of events, by which an endpoint says what it wants: which are valid."""

from difflib import get_close_matches
from fnmatch import fnmatchcase

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shared.capabilities.registry import audit_kinds


def check_patterns(patterns: list[str]) -> None:
    """Raise ValidationError for a pattern that matches no event."""
    for pattern in patterns:
        if not is_known(pattern):
            raise ValidationError(unknown(pattern), code="unknown")


def is_known(pattern: str) -> bool:
    """Only an asterisk has a meaning, at the end."""
    name = pattern.removesuffix("*")
    return not set(name) & set("*?[]") and any(fnmatchcase(kind, pattern) for kind in audit_kinds())


def unknown(pattern: str) -> str:
    near = get_close_matches(pattern, audit_kinds(), n=1)
    if near:
        return _("There is no event “%(name)s”. Do you mean “%(near)s”?") % {"name": pattern, "near": near[0]}
    return _("There is no event “%(name)s”.") % {"name": pattern}
