"""Forms for owners: a domain that is added, and how people with its addresses join."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.mail_domains.models import ROLES, MailDomain
from profiles.mail_domains.names import clean
from profiles.models import User
from profiles.roles import granted_roles


class MailDomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Domain"),
        max_length=300,  # also with an address before it
        help_text=_("What stands after the @ in your email addresses, such as example.com."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_domain(self) -> str:
        return clean(self.cleaned_data["domain"])


class JoiningForm(forms.Form):
    joins = forms.ChoiceField(
        label=_("People with such an address join"), choices=MailDomain.Joins.choices, widget=forms.RadioSelect
    )
    role = forms.ChoiceField(label=_("Role"), help_text=_("Of everyone who joins at once."))

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [choice for choice in granted_roles(actor) if choice[0] in ROLES]  # type: ignore[attr-defined]  # a ChoiceField
