"""The lists of people: filters, columns, orders, and the link back to the list that the viewer came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from profiles.models import Invitation, User
from profiles.models.user import UserQuerySet
from profiles.people.added import PeopleColumn, people_columns
from profiles.roles import Role
from shared.capabilities.registry import imported, member_marks
from shared.keyset import KeysetPage

# The tabs, by their URL names.
LISTS = ("people", "deactivated", "invitations")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list. `order` names the fields for sorting, ascending; without it, the column cannot be sorted."""

    name: str
    label: str | Promise
    order: tuple[str, ...] = ()
    is_newest_first: bool = False  # on the first click
    is_for_managers: bool = False


@dataclass(frozen=True)
class AddedColumn:
    """A column that a capability adds, with the text for each member of the page by primary key."""

    label: str | Promise
    cells: Mapping[int, str]


def added_columns(viewer: User, members: Sequence[User], *, shows_all: bool) -> list[AddedColumn]:
    """What capabilities show of these members in the list, and with all columns, who invited them."""
    columns = people_columns(viewer, "all" if shows_all else "list") + ([INVITED_BY] if shows_all else [])
    return [AddedColumn(each.label, each.values(members)) for each in columns]


def invited_by(members: Sequence[User]) -> Mapping[int, str]:
    """Who invited them, found by their address, while the invitation and the inviter exist."""
    accepted = Invitation.objects.filter(accepted__isnull=False, email__in=[m.email for m in members if m.email])
    names = {each.email: each.invited_by.name for each in accepted.select_related("invited_by") if each.invited_by}
    return {member.pk: names[member.email] for member in members if member.email in names}


INVITED_BY = PeopleColumn(name="invited_by", label=_("Invited by"), values=invited_by)


# Each order is that of an index of User. Primary keys increase with the time of joining.
COLUMNS = (
    Column(name="name", label=_("Name"), order=("sort_name", "pk")),
    Column(name="place", label=_("Location")),
    Column(name="role", label=_("Role"), order=("role", "sort_name", "pk")),
    Column(name="seen", label=_("Last seen"), is_for_managers=True),
    Column(name="joined", label=_("Joined"), order=("pk",), is_newest_first=True, is_for_managers=True),
)
ORDERS = {sign + column.name: column for column in COLUMNS if column.order for sign in ("", "-")}


class PeopleFilter(forms.Form):
    """The filters of a list of people besides the search. `sort` is a column's name; "-" before it: descending."""

    role = forms.ChoiceField(label=_("Role"), required=False)  # or the name of a Mark
    sort = forms.ChoiceField(
        choices=[(order, order) for order in ORDERS], required=False, widget=forms.HiddenInput, initial="name"
    )
    # All columns cost a few statements, so those who manage members ask for them.
    columns = forms.ChoiceField(choices=[("all", "all")], required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, is_manager: bool = False) -> None:
        super().__init__(data)
        self.is_manager = is_manager
        self.marks = {mark.name: mark for mark in member_marks() if is_manager}
        choices = [(name, mark.label) for name, mark in self.marks.items()]
        self.fields["role"].choices = [("", _("Any role")), *Role.choices, *choices]  # type: ignore[attr-defined]
        for each in imported("people_filters"):
            self.fields[each.name] = each.field()

    @property
    def order(self) -> str:
        """The order of the list: by name, if the URL names no valid order."""
        return (self.is_valid() and self.cleaned_data["sort"]) or "name"

    @property
    def shows_all(self) -> bool:
        return self.is_manager and self.is_valid() and bool(self.cleaned_data["columns"])

    def narrow(self, members: UserQuerySet) -> UserQuerySet:
        """The filtered members, in order, with profiles; all members if a value is invalid."""
        if self.is_valid() and (role := self.cleaned_data["role"]):
            members = members.filter(import_string(self.marks[role].of)() if role in self.marks else Q(role=role))
        for each in imported("people_filters") if self.is_valid() else ():
            if value := self.cleaned_data[each.name]:
                members = each.narrow(members, value)
        sign, fields = self.order.removesuffix(self.order.lstrip("-")), ORDERS[self.order].order
        members = members.order_by(*(sign + field for field in fields))
        # If sorted by the key of the join, PostgreSQL would merge both tables from the beginning.
        return members.prefetch_related("profile") if fields == ("pk",) else members.select_related("profile")

    def heads(self) -> Iterator[dict[str, object]]:
        """The table's head: each column's name and label, the next `sort`, and how it is sorted now."""
        for column in COLUMNS:
            if self.is_manager or not column.is_for_managers:
                yield {"name": column.name, "label": column.label, **self.sorting(column)}

    def sorting(self, column: Column) -> dict[str, str]:
        if not column.order:
            return {"next": "", "sorted": ""}
        up, down = column.name, f"-{column.name}"
        first, second = (down, up) if column.is_newest_first else (up, down)
        present = {up: "ascending", down: "descending"}.get(self.order, "")
        return {"next": second if self.order == first else first, "sorted": present}


def with_badges(members: UserQuerySet) -> UserQuerySet:
    """The members, annotated with the values for badges_of()."""
    conditions = {f"is_{at}": import_string(mark.badge)() for at, mark in enumerate(member_marks()) if mark.badge}
    return members.annotate(**{name: ExpressionWrapper(each, BooleanField()) for name, each in conditions.items()})


def badges_of(member: User) -> list[str | Promise]:
    return [mark.label for at, mark in enumerate(member_marks()) if getattr(member, f"is_{at}", False)]


def open_invitations() -> int:
    """The number of open invitations for the tab, up to the maximum that lists count."""
    return Invitation.objects.open()[: KeysetPage.most_counted + 1].count()


def back_to(request: HttpRequest, default: str = "people") -> str:
    """The list that the viewer came from, with search, order and page (`?back=`), or the default list."""
    asked = request.GET.get("back", "")
    return asked if asked.partition("?")[0] in map(reverse, LISTS) else reverse(default)
