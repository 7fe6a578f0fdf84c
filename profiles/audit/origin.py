"""Where a change comes from: the request at work, for receivers that are not given it."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from shared import request_ids


@dataclass(frozen=True)
class Origin:
    """A request, under the same id for all that it does, and in the log."""

    request: HttpRequest

    @property
    def id(self) -> str:
        return request_ids.of(self.request)

    @property
    def user_agent(self) -> str:
        return self.request.headers.get("user-agent", "").replace("\0", "")[:200]


origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


class OriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = origin.set(Origin(request))
        try:
            return self.get_response(request)
        finally:
            origin.reset(token)
