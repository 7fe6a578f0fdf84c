"""Around: middleware that serves WSGI and ASGI alike, without a thread of its own."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Around:
    """A middleware that enters a block around the request and may change its answer.

    Neither method may wait, nor send a statement to the database: with ASGI they run in the event loop. Django would
    run a middleware for WSGI alone in a thread, and each such change costs a request 0.1 ms.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self.call_async(request)
        with self.around(request):
            return self.answered(request, self.get_response(request))

    async def call_async(self, request: HttpRequest) -> HttpResponseBase:
        with self.around(request):
            return self.answered(request, await self.get_response(request))

    def around(self, request: HttpRequest) -> AbstractContextManager[Any]:
        return nullcontext()

    def answered(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        """The answer that is sent."""
        return response
