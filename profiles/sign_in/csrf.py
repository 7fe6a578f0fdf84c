"""What is answered to a form whose token is not this browser's (CSRF_FAILURE_VIEW)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.csrf import csrf_failure


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page that says so; and home, for a sign-in page that was left open while its reader signed in elsewhere.

    Signing in changes the token, so the form in the other tab is refused, though its reader is where they want to be.
    """
    if getattr(request, "tenant", None) and request.path == reverse("account_login") and request.user.is_authenticated:
        return redirect("home")
    return csrf_failure(request, reason)
