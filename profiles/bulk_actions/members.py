"""The bulk actions on members."""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.members import bulk as verbs
from profiles.models import User
from profiles.people.bulk import BulkAction, Outcome
from profiles.role_form import RoleForm
from profiles.roles import Role


class BulkRoleForm(RoleForm):
    """Without the role owner, which is given to one member at a time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        field.choices = [choice for choice in field.choices if choice[0] != Role.OWNER]


class MemberAction(BulkAction):
    lists: ClassVar[tuple[str, ...]] = ("people", "deactivated")

    def refusal(self, actor: User, row: User) -> str:
        return verbs.refusal(actor, row) or self.unfit(row)

    def unfit(self, _member: User) -> str:
        """The reason why there is nothing to do."""
        return ""


class ChangeRole(MemberAction):
    name = "role"
    label = _("Change role")
    consequence = _("The change takes effect immediately.")

    def form(self, data: Any, *, actor: User) -> forms.Form:
        return BulkRoleForm(data, actor=actor)

    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        """`values` has one role for all, or `roles` per member if it undoes an earlier run."""
        roles = {pk: values["role"] if "role" in values else values["roles"][str(pk)] for pk in rows}
        return verbs.change_roles(actor=actor, roles=roles, only=values.get("only", ""))

    def undo(self, former: dict[str, str], values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        return (self.name, {"roles": former, "only": values["role"]}) if "role" in values else None


class Deactivate(MemberAction):
    name = "deactivate"
    label = _("Deactivate")
    lists = ("people",)
    consequence = _(
        "They are signed out everywhere immediately and cannot sign in until they are reactivated. Their profiles are "
        "kept. Open invitations that they sent are revoked."
    )
    is_dangerous = True

    def unfit(self, member: User) -> str:
        return "" if member.is_active else "deactivated"

    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        return verbs.deactivate_all(actor=actor, members=rows)

    def undo(self, former: dict[str, str], values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return (Reactivate.name, {})


class Reactivate(MemberAction):
    name = "reactivate"
    label = _("Reactivate")
    lists = ("deactivated",)
    consequence = _("They can sign in again, with their previous passwords.")

    def unfit(self, member: User) -> str:
        return "active" if member.is_active else ""

    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        return verbs.reactivate_all(actor=actor, members=rows)

    def undo(self, former: dict[str, str], values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return (Deactivate.name, {})


class Remove(MemberAction):
    name = "remove"
    label = _("Remove")
    consequence = _(
        "Their accounts, profiles and photos are deleted, they are signed out immediately, and open invitations that "
        "they sent are revoked. This cannot be undone. To keep their profiles, deactivate them instead."
    )
    is_dangerous = True
    slot = "removal"
    password_words = _("Remove several people")

    def do(self, *, actor: User, rows: Collection[int], values: dict[str, Any]) -> Outcome:
        return verbs.remove_all(actor=actor, members=rows)


ROLE, DEACTIVATE, REACTIVATE, REMOVE = ChangeRole(), Deactivate(), Reactivate(), Remove()
