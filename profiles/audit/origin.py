"""Where a change comes from: the request at work, for receivers that are not given it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest

from shared import request_ids
from shared.middleware import Around


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


class OriginMiddleware(Around):
    @contextmanager
    def around(self, request: HttpRequest) -> Iterator[None]:
        token = origin.set(Origin(request))
        try:
            yield
        finally:
            origin.reset(token)
