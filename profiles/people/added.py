"""What apps add to the lists of people: filters, and columns of the file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from profiles.models import User
from profiles.models.user import UserQuerySet


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A field of the form above a list of people (Capability.people_filters). An empty value narrows nothing.

    `field` makes the form's field. It sends no statement: a ModelChoiceField asks for its choices when it is shown.
    """

    name: str  # in the address
    field: Callable[[], forms.Field]
    narrow: Callable[[UserQuerySet, Any], UserQuerySet]


@dataclass(frozen=True, kw_only=True)
class MemberColumn:
    """A column of the file of members, for those who manage them (Capability.member_columns).

    `values` takes some members and returns a text for each primary key that has one, in a constant number of
    statements.
    """

    name: str  # the column's head: programs read the file, so it is in no language
    values: Callable[[Sequence[User]], Mapping[int, str]]
