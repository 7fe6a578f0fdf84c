"""The rows of a request: ticked ones, or all that match the filter."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict

from profiles import roles
from profiles.models import Invitation, User
from profiles.people.bulk import BulkAction
from profiles.people.lists import LISTS, PeopleFilter
from shared.capabilities.registry import imported

# A page has fifty rows; more can only be chosen by the filter.
MOST_TICKED = 100


def actions(list_name: str) -> dict[str, BulkAction]:
    """The bulk actions of this list, by name."""
    return {action.name: action for action in imported("bulk_actions") if list_name in action.lists}


def action_named(name: str) -> BulkAction | None:
    return next((action for action in imported("bulk_actions") if action.name == name), None)


@dataclass(frozen=True)
class Asked:
    """The values of the form below a list."""

    query: QueryDict
    viewer: User

    @cached_property
    def list_name(self) -> str:
        name = self.query.get("list", "")
        if name not in LISTS:
            raise Http404
        return name

    @cached_property
    def action(self) -> BulkAction:
        try:
            return actions(self.list_name)[self.query.get("do", "")]
        except KeyError:
            raise Http404 from None

    @cached_property
    def rows(self) -> list[Any]:
        whole = all_of(self.list_name, self.viewer)
        if self.query.get("all"):
            return list(self.matching(whole))
        ticked = [int(text) for text in self.query.getlist("row")[:MOST_TICKED] if is_key(text)]
        return list(whole.filter(pk__in=ticked))

    def matching(self, whole: QuerySet[Any]) -> QuerySet[Any]:
        """The matching rows; none if the filter is invalid, since all rows were not meant."""
        if whole.model is not User:
            return whole
        filters = PeopleFilter(self.query, is_manager=True)
        if not filters.is_valid():
            return whole.none()
        found = User.objects.filter(pk__in=whole).search(self.query.get("q", ""), by_email=True, as_manager=True)
        return filters.narrow(found).select_related(None).prefetch_related(None)

    @cached_property
    def parted(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """The rows to which it can be done, and the skipped ones by reason."""
        fit: list[Any] = []
        refused: dict[str, list[Any]] = {}
        for row in self.rows:
            reason = self.action.refusal(self.viewer, row)
            (refused.setdefault(reason, []) if reason else fit).append(row)
        return fit, refused

    @property
    def seen(self) -> str:
        """A hash of the confirmed rows, to notice if the list has changed when the form is sent."""
        keys = ",".join(str(row.pk) for row in sorted(self.parted[0], key=lambda row: row.pk))
        return sha256(keys.encode()).hexdigest()[:16]


def all_of(list_name: str, viewer: User) -> QuerySet[Any]:
    if list_name == "invitations":
        return Invitation.objects.open()
    members = User.objects.visible_to(viewer).by_name()
    return members.filter(is_active=False) if list_name == "deactivated" else members


def is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def rows_of(list_name: str, keys: list[int]) -> QuerySet[Any]:
    """The rows that still exist."""
    model: Any = Invitation if list_name == "invitations" else User
    return model.objects.filter(pk__in=keys)


def may(viewer: User) -> bool:
    return roles.manages_members(viewer)
