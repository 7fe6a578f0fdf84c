"""The form by which an owner requires a second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.required_factor.models import MOST_DAYS, Scope


class RequirementForm(forms.Form):
    scope = forms.ChoiceField(label=_("Required of"), choices=Scope.choices, required=False, widget=forms.RadioSelect)
    grace_days = forms.IntegerField(
        label=_("Days to set it up"),
        min_value=0,
        max_value=MOST_DAYS,
        initial=14,
        help_text=_(
            "From 0 to 30. Until then, each page shows how many days are left. Afterwards the set-up is the only page "
            "that opens. The days begin today, or when a member joins."
        ),
    )
