"""The answer to an action on an object that another member has removed meanwhile."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise

from profiles.requests import MemberRequest


def gone(
    words: str | Promise, *, back_to: Callable[[MemberRequest], str]
) -> Callable[..., Callable[..., HttpResponse]]:
    """Decorate a view so that it redirects to the list, with this message, if the object no longer exists.

    It goes outside @once, so that a second click gets the redirect of the first.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def respond(request: MemberRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except Http404:
                messages.info(request, str(words))
                return HttpResponseRedirect(back_to(request))

        return respond

    return decorate
