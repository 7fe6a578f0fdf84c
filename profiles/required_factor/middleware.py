"""Leads members whose time is over through the set-up of a second factor, before anything else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from profiles.required_factor.deadlines import is_over

# Pages that the set-up needs: the password, and the proof of an email address. All of allauth.mfa begins with "mfa_".
NEEDED = {"account_reauthenticate", "account_logout", "account_email", "logo", "look", "look_icon", "photo", "initials"}


class RequiredFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """What visitors may do stays open: it is not done as this member."""
        if not getattr(view, "login_required", True) or is_needed(request):
            return None
        if not is_over(request):
            return None
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(reverse("mfa_index"))
        return redirect("mfa_index")


def is_needed(request: HttpRequest) -> bool:
    name = request.resolver_match.url_name if request.resolver_match else ""
    return name in NEEDED or str(name).startswith("mfa_")
