"""Which values PostgreSQL can store, and pages can show: is_storable()."""

import math
import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

# No text of PostgreSQL has a NUL, and halves of surrogate pairs have no form in UTF-8.
# https://www.postgresql.org/docs/current/datatype-character.html
NOT_IN_TEXT = re.compile("[\0\ud800-\udfff]")
# Of times. Near the ends of Python's calendar, a time zone would lead out of it.
YEARS = range(2, 9999)


def is_storable(value: Any) -> bool:
    """Can a value be stored as text, as JSON or as a time? Also what is in lists and in dicts."""
    if isinstance(value, str):
        return not NOT_IN_TEXT.search(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, datetime):
        return is_aware(value) and value.year in YEARS
    if isinstance(value, dict):
        return all(map(is_storable, (*value.keys(), *value.values())))
    if isinstance(value, list | tuple):
        return all(map(is_storable, value))
    return True


def check_storable(value: Any) -> None:
    """Raise ValidationError, code "unstorable", for a value that cannot be stored."""
    if not is_storable(value):
        raise unstorable()


def unstorable() -> ValidationError:
    return ValidationError(_("This contains characters or numbers that cannot be stored."), code="unstorable")
