"""Limits the size of request bodies, with an error page, before any of the body is stored."""

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request

from shared.encodings import forget_form, is_refused
from shared.faults import busy, late
from shared.receiving import NoRoom, TooLate, bodies

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# Browsers reliably show a response only after they have sent the whole body. So bodies up to so many times the limit,
# which may be a large photo, are read and discarded. Larger ones are not read.
READ_TO_NOWHERE = 5

Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[..., Awaitable[None]]


class BodyMiddleware:
    """Reads the body before the view runs. Answers 413 to a body over BODY_MAX_BYTES, 408 to one that does not arrive,
    503 if there is no memory for it, and 400 to a form that is not UTF-8.

    Django limits the fields of a form, but writes uploaded files of any size to disk before a form can refuse them.
    With ASGI the whole body has been read before this is called.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length, most = declared(request), settings.BODY_MAX_BYTES
        if length > READ_TO_NOWHERE * most:
            return too_large(request)
        if length > most:
            drop(request, length)
        elif is_refused(request):
            return not_utf8(request)
        elif length > 0 and isinstance(request, WSGIRequest):
            return self.answer_to_body(request, length)
        return self.get_response(request)

    def answer_to_body(self, request: WSGIRequest, length: int) -> HttpResponse:
        try:
            with bodies().received(request, length):
                return self.get_response(request)
        except TooLate:
            return late()
        except NoRoom:
            return busy()

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """If the signed-in member is already known, the page has the frame of their organisation."""
        return too_large(request) if getattr(request, "is_dropped", False) else None


def declared(request: HttpRequest) -> int:
    """The Content-Length. Django reads no more bytes than that, and none without it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def drop(request: HttpRequest, length: int) -> None:
    """Read and discard the body. No view is called for such a request, and its form is empty."""
    request.is_dropped = True  # type: ignore[attr-defined]
    forget_form(request)
    if isinstance(request, WSGIRequest):
        with suppress(TooLate):
            deque(bodies().pieces(request, length), maxlen=0)


def too_large(request: HttpRequest) -> HttpResponse:
    """The page for a body that is too large."""
    return render(request, "413.html", {"megabytes": settings.PHOTO_MAX_BYTES // 1_000_000}, status=413)


def not_utf8(request: HttpRequest) -> HttpResponse:
    return bad_request(request, BadRequest("A form has to be UTF-8."))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, which is also called for fields that are too large."""
    forget_form(request)
    return too_large(request) if isinstance(exception, TOO_LARGE) else bad_request(request, exception)


def bounded(application: Application) -> Application:
    """Wrap an ASGI application so that it gets no more of a body than is allowed: Django reads all of it first."""

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
    """End a body that is too large. Sets its length, which may have been unknown, so that BodyMiddleware refuses it."""
    others = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
    scope["headers"] = [*others, (b"content-length", str(read).encode())]
    return {"type": "http.request", "body": b"", "more_body": False}
