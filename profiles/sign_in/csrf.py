"""The answer to a form with a wrong CSRF token (CSRF_FAILURE_VIEW)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.csrf import csrf_failure


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The error page; for a sign-in form of a member who has signed in in another tab meanwhile, a redirect to home.

    Signing in changes the token, so the form in the other tab is refused although its member is signed in.
    """
    if getattr(request, "tenant", None) and request.path == reverse("account_login") and request.user.is_authenticated:
        return redirect("home")
    return csrf_failure(request, reason)
