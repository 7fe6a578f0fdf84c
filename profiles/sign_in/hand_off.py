"""The one-time link that signs a member in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from profiles.models import HandOff, User
from profiles.sign_in import sessions
from tenants.context import required


@login_not_required
@require_GET  # A HEAD by some link checker must not use the link up.
def hand_off(request: HttpRequest, token: str) -> HttpResponse:
    user = HandOff.objects.redeem(token)
    if user is None and request.user.is_authenticated:
        return redirect("home")  # A second click, after the first has signed them in.
    if user is None:
        return render(request, "profiles/hand_off_dead.html", status=410)
    messages.success(request, greeting(user))
    sessions.begin(request, user)
    return redirect("home")


def greeting(user: User) -> str:
    if user.last_login is None:
        return f"Welcome to {required().name}. This place is yours now."
    return f"You are signed in at {required().domain}."
