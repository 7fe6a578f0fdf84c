"""The list of a member's sessions, and signing out of them."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from profiles.gone import gone
from profiles.models import Session
from profiles.requests import MemberRequest
from profiles.sessions import listing


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: MemberRequest) -> HttpResponse:
    """The list. The form signs out all other sessions."""
    if request.method == "POST":
        listing.end_others(request)
        messages.info(request, _("You signed out all other browsers."))
        return redirect("sessions")
    return render(request, "profiles/sessions.html", {"sessions": listing.open_sessions(request)})


@require_POST
@gone(gettext_lazy("This browser was already signed out."), back_to=lambda _request: reverse("sessions"))
def end(request: MemberRequest, name: str) -> HttpResponse:
    """Sign out a session, including the current one."""
    session = next((each for each in listing.open_sessions(request) if each.name == name), None)
    if session is None:
        raise Http404
    if session.is_current:
        logout(request)
    else:
        listing.end(request.user, Session.objects.filter(pk=session.row.pk))
    messages.info(request, _("You signed that browser out."))
    return redirect("sessions")
