"""Forms: a domain that is added, and the choice of the main address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.own_domains.hosts import clean


class DomainForm(forms.Form):
    host = forms.CharField(
        label=_("Domain"),
        max_length=300,  # also with https:// before it
        help_text=_("As people.example.com. Use a domain that serves nothing else."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_host(self) -> str:
        return clean(self.cleaned_data["host"])


class CanonicalForm(forms.Form):
    host = forms.ChoiceField(label=_("Main address"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, hosts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].choices = [(host, host) for host in hosts]  # type: ignore[attr-defined]  # a ChoiceField
