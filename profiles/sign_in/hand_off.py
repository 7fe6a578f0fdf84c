"""The one-time link that signs a member in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles.models import HandOff, User
from profiles.sign_in import sessions
from tenants.context import required


@login_not_required
@require_http_methods(["GET", "POST"])  # A link checker's HEAD request must not use the link up.
def hand_off(request: HttpRequest, token: str) -> HttpResponse:
    """Sign the member in. If another member is signed in, ask first: they would go on in the other's name."""
    if request.method == "GET" and (other := other_member(request, token)):
        return render(request, "profiles/hand_off_signed_in.html", {"member": other})
    user = HandOff.objects.redeem(token)
    if user is None and request.user.is_authenticated and request.method == "GET":
        return redirect("home")  # A second click, after the first one signed them in.
    if user is None:
        return render(request, "profiles/hand_off_dead.html", status=410)
    messages.success(request, greeting(user))
    sessions.begin(request, user)
    return redirect("home")


def other_member(request: HttpRequest, token: str) -> User | None:
    """The member that the link signs in, if another member is signed in now; else None."""
    link = HandOff.objects.by_token(token) if request.user.is_authenticated else None
    return link.user if link and link.user_id != request.user.pk else None


def greeting(user: User) -> str:
    if user.last_login is None:
        return _("Welcome to %(organisation)s. You are the owner.") % {"organisation": required().name}
    return _("You are signed in at %(address)s.") % {"address": required().domain}
