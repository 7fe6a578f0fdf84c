"""The list of a member's sessions, and signing out of them."""

from allauth.usersessions.internal.flows import sessions as flows
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from profiles.gone import gone
from profiles.requests import MemberRequest
from profiles.sessions.listing import open_sessions


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: MemberRequest) -> HttpResponse:
    """The list. The form signs out all other sessions."""
    if request.method == "POST":
        flows.end_other_sessions(request, request.user)
        messages.info(request, _("You signed out all other browsers."))
        return redirect("usersessions_list")
    return render(request, "usersessions/usersession_list.html", {"sessions": open_sessions(request.user)})


@require_POST
@gone(gettext_lazy("This browser was already signed out."), back_to=lambda _request: reverse("usersessions_list"))
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """Sign out a session, including the current one."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    flows.end_sessions(request, [session])
    messages.info(request, _("You signed that browser out."))
    return redirect("usersessions_list")
