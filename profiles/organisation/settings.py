"""An organisation's settings."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles import roles
from profiles.models import HandOff, User
from profiles.organisation.settings_form import SettingsForm
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import required


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: MemberRequest) -> HttpResponse:
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    tenant = required()
    host = tenant.domain
    form = SettingsForm(request.POST if request.method == "POST" else None, tenant=tenant)
    if form.is_valid() and form.cleaned_data["slug"] != tenant.slug:
        words = _("Change the address of %(organisation)s to “%(slug)s”")
        ask_for_password(request, words % {"organisation": tenant.name, "slug": form.cleaned_data["slug"]})
    if form.is_valid() and form.save():
        if tenant.domain != host:
            return carry_over(request, request.user)
        messages.success(request, _("Your settings were saved."))
        return redirect("settings")
    return render(request, "profiles/settings.html", {"form": form})


def carry_over(request: MemberRequest, member: User) -> HttpResponse:
    """Redirect a member to the new address and sign them in there: the old address's cookies are not valid there."""
    path = HandOff.objects.create(user=member).path
    logout(request)
    return redirect(required().url(path))
