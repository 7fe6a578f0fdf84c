"""The form that takes an email address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shared.emails import EmailField


class FindForm(forms.Form):
    email = EmailField(label=_("Your email address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
