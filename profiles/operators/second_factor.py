"""In the operators' organisation, every member needs a second factor."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from profiles.two_factor.row import has_one

# Where one is turned on, where the email address is confirmed before that, and where one signs out.
OPEN = "/account/"
PICTURES = {"photo", "initials"}


class SecondFactorMiddleware:
    """Leads operators without a second factor to the page on which they turn one on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """What visitors may see stays open, and the pictures of that page: each would add the warning once more."""
        tenant = getattr(request, "tenant", None)
        if tenant is None or not tenant.is_operators or request.path_info.startswith(OPEN):
            return None
        if not getattr(view, "login_required", True) or is_picture(request):
            return None
        if not request.user.is_authenticated or has_one(request.user):
            return None
        messages.warning(request, _("Operators need two-factor sign-in. Turn it on to continue."))
        return redirect("mfa_index")


def is_picture(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name in PICTURES
