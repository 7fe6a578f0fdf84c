"""What it means to do one thing to many rows of a list: an action, and what came of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from profiles.models import User

# Why something is not done to a row, by what is kept of it. A text that is not here is a sentence already.
REASONS: Mapping[str, str | Promise] = {
    "self": _("You cannot do this to yourself."),
    "owner": _("Owners can only be changed one by one."),
    "gone": _("No longer there."),
    "active": _("Already active."),
    "deactivated": _("Already deactivated."),
    "same_role": _("Already has this role."),
    "changed": _("Has been changed since."),
    "not_yours": _("You are not allowed to do this."),
}


@dataclass
class Outcome:
    """The primary keys to which it was done, why not to others, and what each had before, for undoing it."""

    done: list[int] = field(default_factory=list)
    refused: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    former: dict[str, str] = field(default_factory=dict)


class BulkAction:
    """Something that can be done to many rows of a list at once (Capability.bulk_actions names an instance).

    `lists` are the lists that offer it: "people", "deactivated", "invitations".
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]  # on the button, such as "Deactivate"
    lists: ClassVar[tuple[str, ...]] = ("people",)
    consequence: ClassVar[str | Promise] = ""
    slot: ClassVar[str] = ""  # where apps say more, on the page that asks
    is_dangerous: ClassVar[bool] = False
    reasons: ClassVar[Mapping[str, str | Promise]] = REASONS
    password_words: ClassVar[str | Promise] = ""  # for the page that asks for the password; "" asks for none

    def refusal(self, actor: User, row: Any) -> str:
        """Why it is not done to this row, before anything is asked: one of `reasons`, or ""."""
        return ""

    def form(self, data: Any, *, actor: User) -> forms.Form | None:
        """What else has to be known, such as which role."""
        return None

    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        """Do it to these, in one transaction, as far as the rules allow. `values` is what the form says, as JSON.

        Raises PermissionDenied for an actor who may do it to none of them.
        """
        raise NotImplementedError

    def undo(self, former: dict[str, str], values: dict[str, Any]) -> "tuple[str, dict[str, Any]] | None":
        """The name of the action that takes this one back, and its values; None if nothing does."""
        return None


def values_of(form: forms.Form | None) -> dict[str, Any]:
    """A valid form's values, as JSON can hold them."""
    cleaned = form.cleaned_data if form else {}
    return {name: value.pk if isinstance(value, models.Model) else value for name, value in cleaned.items()}
