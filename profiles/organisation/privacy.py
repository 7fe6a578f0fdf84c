"""The page where an organisation sets who may see fields of its members' profiles."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from profiles import roles
from profiles.people.audiences import allow
from profiles.requests import MemberRequest
from profiles.roles import Audience
from tenants.context import required
from tenants.models import Tenant

FIELDS = {
    "location": _("Location"),
    "pronouns": _("Pronouns"),
    "birth_date": _("Birthday"),
    "phone": _("Phone number"),
}


class PrivacyForm(forms.Form):
    def __init__(self, data: Any = None, *, tenant: Tenant) -> None:
        super().__init__(data, initial={name: tenant.widest(name) for name in FIELDS})
        for name, label in FIELDS.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=Audience.choices)
        self.fields["birth_date"].help_text = _("Only owners and admins see the year.")
        self.fields["phone"].help_text = _("Readers never see phone numbers.")


@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: MemberRequest) -> HttpResponse:
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    form = PrivacyForm(request.POST if request.method == "POST" else None, tenant=required())
    if form.is_valid():
        allow(form.cleaned_data)
        messages.success(request, gettext("Your settings were saved."))
        return redirect("privacy")
    return render(request, "profiles/privacy.html", {"form": form})
