"""What apps add to the lists of people: filters, and columns of the CSV file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from profiles.models import User
from profiles.models.user import UserQuerySet


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A field of the form above a list of people (Capability.people_filters). An empty value does not filter.

    `field` makes the form's field without a query: a ModelChoiceField loads its choices when it is shown.
    """

    name: str  # in the address
    field: Callable[[], forms.Field]
    narrow: Callable[[UserQuerySet, Any], UserQuerySet]


@dataclass(frozen=True, kw_only=True)
class MemberColumn:
    """A column of the CSV file of members, for those who manage members (Capability.member_columns).

    `values` takes some members and returns a text for each primary key that has one, in a constant number of
    statements.
    """

    name: str  # the column's name: not translated, since programs read the file
    values: Callable[[Sequence[User]], Mapping[int, str]]
