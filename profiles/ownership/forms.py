"""The form in which an owner names the next owner."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.roles import Role
from shared.emails import same_mailbox


class OfferForm(forms.Form):
    """The member's name is typed, not selected, since there may be thousands of members."""

    member = forms.CharField(
        label=_("Username or email address of the member"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "dir": "auto"}),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_member(self) -> User:
        typed = self.cleaned_data["member"]
        named = Q(username__iexact=typed) | Q(email=same_mailbox(typed))
        found = User.objects.active().filter(named).exclude(pk=self.actor.pk).first()
        if found is None:
            raise ValidationError(_("No other active member has this username or email address."), code="unknown")
        if found.role == Role.OWNER:
            raise ValidationError(_("%(name)s is an owner already."), code="owner", params={"name": found.name})
        return found
