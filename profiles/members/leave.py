"""Leaving the organisation."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles.members import changes
from profiles.requests import MemberRequest
from profiles.sign_in.sessions import ask_for_password
from tenants.context import required


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: MemberRequest) -> HttpResponse:
    """Asks for confirmation, and tells the last owner what to do first."""
    if request.method != "POST":
        return render(request, "profiles/leave.html", {"is_last_owner": changes.is_last_owner(request.user)})
    ask_for_password(request, _("Leave %(organisation)s and delete your account") % {"organisation": required().name})
    try:
        changes.leave(member=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("leave")
    logout(request)
    sentence = _("You left %(organisation)s. Your account was deleted.")
    messages.success(request, sentence % {"organisation": required().name})
    return redirect("account_login")
