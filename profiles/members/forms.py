"""The filter of the list of members."""

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.models.user import UserQuerySet
from profiles.roles import Role


class MemberFilter(forms.Form):
    """What beside the search narrows the list down."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Any role")), *Role.choices], required=False)
    state = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("Any status")), ("active", _("Active")), ("deactivated", _("Deactivated"))],
        required=False,
    )

    def narrow(self, members: UserQuerySet) -> UserQuerySet:
        """The members that were asked for; all of them if a value is no choice, which the form says."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if role := chosen.get("role"):
            members = members.filter(role=role)
        if state := chosen.get("state"):
            members = members.filter(is_active=state == "active")
        return members
