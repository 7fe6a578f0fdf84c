"""The answer to a member who has been removed, or has left in another tab, while a request of theirs was at work."""

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
    """Sends them to the sign-in page where a view fails because their rows are gone."""

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
    """Is somebody signed in who is no member any more? Asked only after a failure."""
    user = getattr(request, "user", None) or AnonymousUser()  # The public site has no users.
    return user.is_authenticated and not User.objects.filter(pk=user.pk).exists()
