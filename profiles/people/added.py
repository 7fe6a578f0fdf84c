"""What apps add to the lists of people: filters, and columns of the CSV file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.utils.functional import Promise

from profiles.models import User
from profiles.models.user import UserQuerySet
from shared.capabilities.registry import call


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A field of the form above a list of people (Capability.people_filters). An empty value does not filter.

    `field` makes the form's field without a query: a ModelChoiceField loads its choices when it is shown.
    """

    name: str  # in the address
    field: Callable[[], forms.Field]
    narrow: Callable[[UserQuerySet, Any], UserQuerySet]


@dataclass(frozen=True, kw_only=True)
class PeopleColumn:
    """A column of the list of people or of the file (Capability.people_columns).

    `values` takes some members, of one page or one part of the file, and returns a text for each primary key that has
    one, in a constant number of statements.
    """

    name: str  # in the file; not translated, since programs read it
    label: str | Promise = ""  # in the lists
    values: Callable[[Sequence[User]], Mapping[int, str]]


# The list, the list with all columns (for those who manage members), and the file.
Where = Literal["list", "all", "file"]


def people_columns(viewer: User, where: Where) -> list[PeopleColumn]:
    """What capabilities show of members to this viewer."""
    return [column for found in call("people_columns", viewer, where) for column in found]
