"""A sandbox is for owners: members who look at old data as if it were new would write there."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from profiles.roles import Role
from tenants.context import current

# What a visitor needs in order to sign in, also as an operator, and what that page shows.
SIGN_IN = {"account_login", "account_logout", "hand_off", "logo", "look", "look_icon"}


class SandboxMiddleware:
    """Answers 403 in a sandbox to all but its owners, and to every request that is made without signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        tenant = current()
        if tenant is None or not tenant.is_sandbox or is_let_in(request, view):
            return None
        return render(request, "profiles/sandbox_closed.html", status=403)


def is_let_in(request: HttpRequest, view: Any) -> bool:
    """Owners may open every page. Visitors may open the pages for signing in, and those whose views require a sign-in.

    A view of another app that signs a person in or out has the attribute `signs_in`.
    """
    user: Any = request.user
    name = request.resolver_match.url_name if request.resolver_match else ""
    is_signing_in = name in SIGN_IN or getattr(view, "signs_in", False)
    if user.is_authenticated:
        return is_signing_in or user.role == Role.OWNER
    return is_signing_in or getattr(view, "login_required", True)
