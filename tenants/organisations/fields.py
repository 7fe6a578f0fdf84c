"""Form fields for organisations' names and addresses."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shared.names import no_address
from shared.text import joined
from tenants.addresses import slugs


class OneLineField(forms.CharField):
    """A name that mails may repeat: on one line, without invisible spaces, and without addresses."""

    default_validators = [no_address]

    def to_python(self, value: Any) -> str:
        return joined(super().to_python(value) or "")


class SlugField(forms.CharField):
    """The part of an organisation's address that people choose; normalised, but not checked."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Address"), "max_length": 63, **options})

    def to_python(self, value: Any) -> str:
        return slugs.normalise(super().to_python(value) or "")

    @property
    def suffix(self) -> str:
        """The part of the host name after the slug."""
        return f".{urlsplit(settings.BASE_URL).netloc}"
