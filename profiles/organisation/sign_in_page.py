"""The text on an organisation's sign-in page."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from profiles import roles
from profiles.requests import MemberRequest
from tenants.context import public, required
from tenants.events import emit
from tenants.models import Tenant


class SignInForm(forms.Form):
    sign_in_text = forms.CharField(
        label=_("Text on the sign-in page"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone can read it, visitors too. For example, write who to ask for an invitation."),
    )

    @transaction.atomic
    def save(self, tenant: Tenant) -> None:
        if self.changed_data:
            emit("organisation.changed", tenant, sign_in_text=(tenant.sign_in_text, self.cleaned_data["sign_in_text"]))
        tenant.sign_in_text = self.cleaned_data["sign_in_text"]
        with public():
            tenant.save(update_fields=["sign_in_text"])


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_settings(request: MemberRequest) -> HttpResponse:
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    tenant = required()
    posted = request.POST if request.method == "POST" else None
    form = SignInForm(posted, initial={"sign_in_text": tenant.sign_in_text})
    if form.is_valid():
        form.save(tenant)
        messages.success(request, gettext("Your settings were saved."))
        return redirect("sign_in_settings")
    return render(request, "profiles/sign_in_settings.html", {"form": form})
