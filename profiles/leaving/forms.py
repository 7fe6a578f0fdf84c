"""The form with which an owner deletes the organisation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant


class DeleteForm(forms.Form):
    """Only the organisation's slug is valid."""

    slug = forms.CharField(label=_("Address"), max_length=63, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.fields["slug"].help_text = _("Type %(slug)s to confirm.") % {"slug": tenant.slug}

    def clean_slug(self) -> str:
        if self.cleaned_data["slug"].strip() != self.tenant.slug:
            raise ValidationError(_("This is not the address of your organisation. Nothing was deleted."), code="other")
        return str(self.tenant.slug)
