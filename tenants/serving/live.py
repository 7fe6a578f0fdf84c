"""Server-sent events: a page is told of changes over one long answer, which holds no thread or connection meanwhile.

    async def inbox(request):
        return live(request, lambda: newest(request.user.pk), seconds=5)

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from threading import Lock
from time import monotonic
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from shared.faults import busy
from tenants.models import Tenant
from tenants.serving import hosts
from tenants.serving.working import working_async

# A browser opens it again by itself, after so many seconds, with a session that is checked anew.
AGAIN_SECONDS = 3


class Lines:
    """How many answers are open in this process, in all and of each organisation."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: Counter[str] = Counter()
        self.are_ending = False

    def open(self, organisation: str) -> bool:
        """Is there room for one more? Then it counts until close()."""
        with self._lock:
            most, most_of_one = settings.LIVE["most"], settings.LIVE["most_of_one"]
            if self._open.total() >= most or self._open[organisation] >= most_of_one:
                return False
            self._open[organisation] += 1
            return True

    def close(self, organisation: str) -> None:
        with self._lock:
            self._open[organisation] -= 1
            self._open += Counter()  # drops those with none

    def number(self) -> int:
        with self._lock:
            return self._open.total()

    def end(self) -> None:
        """Have all open answers end within a second, since the process stops (config/asgi_worker.py)."""
        self.are_ending = True


lines = Lines()


class LiveResponse(StreamingHttpResponse):
    """Its parts take their turns themselves (tenants/serving/streaming.py)."""

    takes_turns = True


def live(request: HttpRequest, read: Callable[[], Any], *, seconds: float) -> HttpResponseBase:
    """An answer that sends what `read` returns, as JSON, at once and whenever it has changed.

    `read` is called every so many seconds, in a turn and inside the request's organisation, so it may use the database.
    The answer ends when it returns None, when the organisation is no longer served at the request's host, and after
    LIVE["seconds"]. If too many are open already, it is 503. Servers without ASGI answer 204, after which a browser
    does not ask again: each answer would occupy a thread.
    """
    tenant = request.tenant  # type: ignore[attr-defined]
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)
    if not lines.open(tenant.schema_name):
        return busy()
    response = LiveResponse(
        events(tenant, hosts.normalise(request.get_host()), read, seconds), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would collect the parts
    return response


async def events(tenant: Tenant, host: str, read: Callable[[], Any], seconds: float) -> AsyncIterator[bytes]:
    """The events. Between two of them it holds nothing but its memory, and no tenant is current."""
    ends, before = monotonic() + settings.LIVE["seconds"], object()
    try:
        yield f"retry: {AGAIN_SECONDS * 1000}\n\n".encode()
        while monotonic() < ends and not lines.are_ending:
            async with working_async(tenant, is_admitted=True):
                found = await sync_to_async(read_if_served)(tenant, host, read)
            if found is None:
                return
            # A comment shows that the browser is still there.
            yield f"data: {json.dumps(found)}\n\n".encode() if found != before else b":\n\n"
            before = found
            await rest(seconds)
    finally:
        lines.close(tenant.schema_name)


async def rest(seconds: float) -> None:
    until = monotonic() + seconds
    while not lines.are_ending and (left := until - monotonic()) > 0:
        await asyncio.sleep(min(left, 1))


def read_if_served(tenant: Tenant, host: str, read: Callable[[], Any]) -> Any:
    place = hosts.find(host)
    is_served = place and place.tenant.pk == tenant.pk and place.tenant.state == Tenant.State.ACTIVE
    return read() if is_served else None
