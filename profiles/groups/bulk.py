"""Bulk actions: add members to a group, and remove them from it."""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.groups import changes
from profiles.groups.fields import GroupField
from profiles.groups.models import Group
from profiles.models import User
from profiles.people.bulk import REASONS, BulkAction, Outcome


class GroupChoice(forms.Form):
    group = GroupField(empty_label=_("Choose a group"))


class GroupAction(BulkAction):
    """Every member can be in a group. Only members that it changes nothing for are skipped."""

    lists = ("people", "deactivated")
    reasons = {
        **REASONS,
        "in_group": _("Already in this group."),
        "not_in_group": _("Not in this group."),
        "no_group": _("This group has been deleted."),
    }
    verb: Callable[..., list[User]]
    nothing_to_do: str
    opposite: str

    def form(self, data: Any, *, actor: User) -> forms.Form:
        return GroupChoice(data)

    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        try:
            found = type(self).verb(actor=actor, group=Group(pk=values["group"]), members=rows)
        except Group.DoesNotExist:
            return Outcome(refused={"no_group": list(rows)})
        done = [member.pk for member in found]
        return Outcome(done=done, refused={self.nothing_to_do: sorted(set(rows) - set(done))})

    def undo(self, former: dict[str, str], values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return (self.opposite, values)


class AddToGroup(GroupAction):
    name = "add_to_group"
    label = _("Add to a group")
    verb = changes.add
    nothing_to_do = "in_group"
    opposite = "take_out_of_group"


class TakeOutOfGroup(GroupAction):
    name = "take_out_of_group"
    label = _("Remove from a group")
    verb = changes.take_out
    nothing_to_do = "not_in_group"
    opposite = "add_to_group"


ADD, TAKE_OUT = AddToGroup(), TakeOutOfGroup()
