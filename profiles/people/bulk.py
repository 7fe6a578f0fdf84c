"""Bulk actions on many rows of a list, and their outcome."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from profiles.models import User

# Reasons why an action skips a row, by their stored names. Other texts are sentences themselves.
REASONS: Mapping[str, str | Promise] = {
    "self": _("You cannot do this to yourself."),
    "owner": _("Owners can only be changed one by one."),
    "gone": _("No longer there."),
    "active": _("Already active."),
    "deactivated": _("Already deactivated."),
    "same_role": _("Already has this role."),
    "changed": _("Has been changed since."),
    "no_seat": _("No seat is free."),
    "not_yours": _("You are not allowed to do this."),
}


@dataclass
class Outcome:
    """The primary keys of changed rows, the reasons for skipped ones, and the earlier values, for undo."""

    done: list[int] = field(default_factory=list)
    refused: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    former: dict[str, str] = field(default_factory=dict)


class BulkAction:
    """An action on many rows of a list at once (Capability.bulk_actions names an instance).

    `lists` are the lists that offer it: "people", "deactivated", "invitations".
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]  # on the button, such as "Deactivate"
    lists: ClassVar[tuple[str, ...]] = ("people",)
    consequence: ClassVar[str | Promise] = ""
    slot: ClassVar[str] = ""  # where apps say more, on the page that asks
    is_dangerous: ClassVar[bool] = False
    reasons: ClassVar[Mapping[str, str | Promise]] = REASONS
    password_words: ClassVar[str | Promise] = ""  # for the page that asks for the password; "": no password is needed

    def refusal(self, actor: User, row: Any) -> str:
        """Why this row is skipped: one of `reasons`, or "". Called before the confirmation."""
        return ""

    def form(self, data: Any, *, actor: User) -> forms.Form | None:
        """The form for further values, such as the role."""
        return None

    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        """Do it to these rows, in one transaction, as far as the rules allow. `values` are the form's, as JSON.

        Raises PermissionDenied if the actor may do it to none of them.
        """
        raise NotImplementedError

    def undo(self, former: dict[str, str], values: dict[str, Any]) -> "tuple[str, dict[str, Any]] | None":
        """The name and values of the action that undoes this one; None if there is none."""
        return None


def values_of(form: forms.Form | None) -> dict[str, Any]:
    """A valid form's values, as JSON can hold them."""
    cleaned = form.cleaned_data if form else {}
    return {name: value.pk if isinstance(value, models.Model) else value for name, value in cleaned.items()}
