"""Where a change comes from: the request at work, for receivers that are not given it."""

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse

# What a proxy may call a request. Anything else is not repeated.
PROXYS_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


@dataclass(frozen=True)
class Origin:
    """A request, under the same id for all that it does."""

    request: HttpRequest
    own_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def id(self) -> str:
        given = self.request.headers.get("x-request-id", "")
        return given if PROXYS_ID.fullmatch(given) else self.own_id

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
