"""Giving a role: the choice in the forms of members and of invitations."""

from typing import Any

from django import forms

from profiles.models import User
from profiles.roles import granted_roles

ROLES = (
    "Owners may do everything. Admins manage members and settings, but no owners. "
    "Editors write for the organisation. Readers read."
)


class RoleForm(forms.Form):
    """One of the roles that the actor may give."""

    role = forms.ChoiceField(help_text=ROLES)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = granted_roles(actor)  # type: ignore[attr-defined]
