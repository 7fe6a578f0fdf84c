"""How large what is sent may be: said to the person, before anything of it is kept."""

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
# A browser shows an answer for certain only once it has sent all that it wanted to. So what is too large, but may be
# an honest photo, is read to nowhere; of what is larger still, nothing.
READ_TO_NOWHERE = 5  # Times what may be sent.

Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[..., Awaitable[None]]


class BodyMiddleware:
    """Reads a body before anything else is done, and answers 413 to one that is larger than BODY_MAX_BYTES, 408 to one
    that does not come, 503 where there is no room for it, and 400 to a form that is not UTF-8.

    Django bounds the fields of a form, but has an uploaded file of any size on disk before a form can refuse it. By
    ASGI all of the body has been read when this is called.
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
        """Where it is known by now who is signed in, the page stands in the frame of their organisation."""
        return too_large(request) if getattr(request, "is_dropped", False) else None


def declared(request: HttpRequest) -> int:
    """How many bytes are announced. Django reads no more of them, and none where nothing is announced."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def drop(request: HttpRequest, length: int) -> None:
    """Read it to nowhere. No view is called for such a request, and no one else finds a form in it."""
    request.is_dropped = True  # type: ignore[attr-defined]
    forget_form(request)
    if isinstance(request, WSGIRequest):
        with suppress(TooLate):
            deque(bodies().pieces(request, length), maxlen=0)


def too_large(request: HttpRequest) -> HttpResponse:
    """The page for somebody who sent too much."""
    return render(request, "413.html", {"megabytes": settings.PHOTO_MAX_BYTES // 1_000_000}, status=413)


def not_utf8(request: HttpRequest) -> HttpResponse:
    return bad_request(request, BadRequest("A form has to be UTF-8."))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, which it gives fields of too many bytes as well."""
    forget_form(request)
    return too_large(request) if isinstance(exception, TOO_LARGE) else bad_request(request, exception)


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
