"""The answer to a member who is removed, or leaves in another tab, while a request of theirs runs."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from profiles.models import User


class RemovedMiddleware:
    """Redirects to the sign-in page if a view fails because the member's rows are gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DatabaseError | ObjectDoesNotExist) or not is_removed(request):
            return None
        logout(request)
        messages.error(request, _("You are no longer a member here. Nothing was changed."))
        return redirect("account_login")


def is_removed(request: HttpRequest) -> bool:
    """Is the signed-in user no longer a member? Checked only after a failure."""
    user = getattr(request, "user", None) or AnonymousUser()  # The public site has no users.
    return user.is_authenticated and not User.objects.filter(pk=user.pk).exists()
