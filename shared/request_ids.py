"""Request ids: what a request logs, and what the jobs log that it queued, can be found by one id.

A proxy may have named the request already (X-Request-ID); otherwise we do. The answer repeats the id in the same
header, so that a person who reports a fault can quote it.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shared.middleware import Around

HEADER = "X-Request-ID"
# Key of the id in a request's META, for what is logged after the request: gunicorn gets the same dict.
REQUEST_ID = "shared.request_id"
NO_ID = "-"
# An id that is taken over. Anything else is neither repeated nor logged.
WELL_FORMED = re.compile(r"[\w.-]{8,64}", re.ASCII)

_current: ContextVar[str] = ContextVar("request_id", default=NO_ID)


def current() -> str:
    """The id of the request that is being served, or that has queued the running job; otherwise "-"."""
    return _current.get()


@contextmanager
def carried(request_id: str) -> Iterator[None]:
    """Make all log lines inside the block name this id."""
    token = _current.set(request_id or NO_ID)
    try:
        yield
    finally:
        _current.reset(token)


def of(request: HttpRequest) -> str:
    """The request's id: the proxy's if it is well-formed, or a new one, which stays the same."""
    if REQUEST_ID not in request.META:
        given = request.headers.get(HEADER, "")
        request.META[REQUEST_ID] = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
    return request.META[REQUEST_ID]


class RequestIdMiddleware(Around):
    """Comes first, so that refusals of all other middleware have an id too."""

    def around(self, request: HttpRequest) -> AbstractContextManager[None]:
        return carried(of(request))

    def answered(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers[HEADER] = of(request)
        return response
