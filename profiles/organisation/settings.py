"""An organisation's settings, and its logo."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from profiles import roles
from profiles.forms.settings import SettingsForm
from profiles.logos import logo_name
from profiles.models import HandOff, User
from profiles.requests import MemberRequest
from profiles.sessions import ask_for_password
from profiles.uploads import count_upload
from tenants.context import required

A_YEAR = 31_536_000  # Seconds. A changed logo has another address.


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: MemberRequest) -> HttpResponse:
    if not roles.edits_settings(request.user):
        raise PermissionDenied
    tenant = required()
    host = tenant.domain
    count_upload(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SettingsForm(*posted, tenant=tenant)
    if form.is_valid() and form.cleaned_data["slug"] != tenant.slug:
        ask_for_password(request)
    if form.is_valid() and form.save():
        if tenant.domain != host:
            return carry_over(request, request.user)
        messages.success(request, "The settings are saved.")
        return redirect("settings")
    return render(request, "profiles/settings.html", {"form": form})


def carry_over(request: MemberRequest, member: User) -> HttpResponse:
    """Take a member along to the new address, where no cookie of the old one is worth anything."""
    path = HandOff.objects.create(user=member).path
    logout(request)
    return redirect(required().url(path))


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def logo(_request: HttpRequest, key: UUID) -> FileResponse:
    """To visitors too: the sign-in page shows it."""
    try:
        file = default_storage.open(logo_name(key))
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type="image/webp")
