"""What a page says of something that a colleague has removed since the viewer's page was made."""

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
    """A view that leads back to the list with these words where there is nothing left to act on.

    It goes around @once: a second click on the same page leads where the first one did.
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
