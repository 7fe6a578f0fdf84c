"""What a page says of something that a colleague has removed since the viewer's page was made."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from profiles.requests import MemberRequest


def gone(words: str | Promise, *, back_to: str) -> Callable[..., Callable[..., HttpResponse]]:
    """A view whose form leads back to the list with these words where there is nothing left to act on.

    It goes around @once: a second click on the same page leads where the first one did.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def respond(request: MemberRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except Http404:
                if request.method != "POST":
                    raise
            messages.info(request, str(words))
            return redirect(back_to)

        return respond

    return decorate
