"""The choice of a role, in the forms for members and invitations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.roles import granted_roles

ROLES = _(
    "Owners can do everything. Admins manage members and settings, but not owners. "
    "Editors write content. Readers can only read."
)


class RoleForm(forms.Form):
    """A choice of the roles that the actor may give."""

    role = forms.ChoiceField(label=_("Role"), help_text=ROLES)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = granted_roles(actor)  # type: ignore[attr-defined]
