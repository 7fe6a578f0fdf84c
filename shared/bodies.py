"""How large what is sent may be: said to the person, before anything of it is kept."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.views.defaults import bad_request

from shared.encodings import is_refused

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# A browser shows an answer for certain only once it has sent all that it wanted to. So what is too large, but may be
# an honest photo, is read to nowhere; of what is larger still, nothing.
READ_TO_NOWHERE = 5  # Times what may be sent.
PIECE = 64 * 1024

Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[..., Awaitable[None]]


class BodyMiddleware:
    """Answers 413 to a request whose body is larger than BODY_MAX_BYTES, and 400 to a form that is not UTF-8.

    Django bounds the fields of a form, but has an uploaded file of any size on disk before a form can refuse it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length, most = declared(request), settings.BODY_MAX_BYTES
        if length <= most:
            return not_utf8(request) if is_refused(request) else self.get_response(request)
        if length <= READ_TO_NOWHERE * most:
            drop(request)
        return too_large(request)


def declared(request: HttpRequest) -> int:
    """How many bytes are announced. Django reads no more of them, and none where nothing is announced."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def drop(request: HttpRequest) -> None:
    # Where reading fails, nobody is there any more who could be told.
    with contextlib.suppress(UnreadablePostError):
        while request.read(PIECE):
            pass


def too_large(request: HttpRequest) -> HttpResponse:
    """The page for somebody who sent too much."""
    return render(request, "413.html", {"megabytes": settings.PHOTO_MAX_BYTES // 1_000_000}, status=413)


def not_utf8(request: HttpRequest) -> HttpResponse:
    return bad_request(request, BadRequest("A form has to be UTF-8."))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, which it gives fields of too many bytes as well."""
    forget_form(request)
    return too_large(request) if isinstance(exception, TOO_LARGE) else bad_request(request, exception)


def forget_form(request: HttpRequest) -> None:
    """Make the form empty for the page of an error: to parse it again would fail again."""
    request.POST = QueryDict()
    request._files = MultiValueDict()  # type: ignore[attr-defined]


def bounded(application: Application) -> Application:
    """An ASGI application that is given no more of a body than may be sent: Django reads all of it beforehand."""

    async def inner(scope: dict[str, Any], receive: Receive, send: Any) -> None:
        read = 0

        async def receive_some() -> dict[str, Any]:
            nonlocal read
            message = await receive()
            while read > settings.BODY_MAX_BYTES and message["type"] == "http.request":
                message = await receive()
            read += len(message.get("body", b""))
            return cut_off(scope, read) if read > settings.BODY_MAX_BYTES and "body" in message else message

        await application(scope, receive_some if scope["type"] == "http" else receive, send)

    return inner


def cut_off(scope: dict[str, Any], read: int) -> dict[str, Any]:
    """The end of a body that is too large. BodyMiddleware sees it by its length, which need not have been announced."""
    others = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
    scope["headers"] = [*others, (b"content-length", str(read).encode())]
    return {"type": "http.request", "body": b"", "more_body": False}
