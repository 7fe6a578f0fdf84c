"""Forms about members: finding them, and giving them a role."""

from typing import Any

from django import forms

from profiles.models import User
from profiles.models.user import UserQuerySet
from profiles.roles import Role, granted_roles

ROLES = (
    "Owners may do everything. Admins manage members and settings, but no owners. "
    "Editors write for the organisation. Readers read."
)


class MemberFilter(forms.Form):
    """What beside the search narrows the list down."""

    role = forms.ChoiceField(choices=[("", "Any role"), *Role.choices], required=False)
    state = forms.ChoiceField(
        choices=[("", "Any state"), ("active", "Active"), ("deactivated", "Deactivated")], required=False
    )

    def narrow(self, members: UserQuerySet) -> UserQuerySet:
        """The members that were asked for; all of them if a value is no choice, which the form says."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if role := chosen.get("role"):
            members = members.filter(role=role)
        if state := chosen.get("state"):
            members = members.filter(is_active=state == "active")
        return members


class RoleForm(forms.Form):
    """One of the roles that the actor may give."""

    role = forms.ChoiceField(help_text=ROLES)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = granted_roles(actor)  # type: ignore[attr-defined]
