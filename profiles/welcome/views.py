"""The welcome text."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles.requests import MemberRequest
from profiles.welcome.forms import WelcomeForm
from profiles.welcome.models import Welcome
from profiles.welcome.rights import edits_welcome


@require_http_methods(["GET", "HEAD", "POST"])
def edit_welcome(request: MemberRequest) -> HttpResponse:
    if not edits_welcome(request.user):
        raise PermissionDenied
    welcome = Welcome.load()
    form = WelcomeForm(request.POST if request.method == "POST" else None, instance=welcome)
    if form.is_valid() and form.save_by(request.user, seen=request.POST.get("seen")):
        messages.success(request, _("The welcome text was saved."))
        return redirect("home")
    return render(request, "profiles/edit_welcome.html", {"form": form, "welcome": form.theirs or welcome})
