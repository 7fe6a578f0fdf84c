"""The forms by which a person asks for a code, and types it in."""

from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.mail_codes.models import LENGTH
from profiles.sign_in.limited import Limited
from shared.emails import EmailField, same_mailbox


class AskForm(Limited):
    limit = "ask_for_code"
    email = EmailField(label=_("Email address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def account(self) -> str:
        return same_mailbox(str(self.data.get("email", "")))


class CodeForm(Limited):
    limit = "type_code"
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )

    def account(self) -> str:
        """Each code has a few tries of its own; more are counted for the network address."""
        return context.request.session.session_key or ""

    def clean_code(self) -> str:
        """As it is typed off a phone: with blanks or a dash, in small letters."""
        return "".join(each for each in self.cleaned_data["code"].upper() if each.isalnum())[: LENGTH + 1]
