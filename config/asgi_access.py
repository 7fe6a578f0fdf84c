"""The access log of requests by ASGI: the lines of config/access_log.py, as gunicorn writes them for its threads."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from types import SimpleNamespace
from typing import Any

from gunicorn.glogging import Logger

# Key of a request's META in its scope (config/asgi.py).
META = "request.META"
# What uvicorn answers if the application has not.
BROKEN = 500

Application = Callable[..., Awaitable[None]]


def logged(application: Application, logger: Logger) -> Application:
    """Wrap an ASGI application so that a request is a line when its last part is sent, or its client has gone."""

    async def inner(scope: dict[str, Any], receive: Any, send: Any) -> None:
        answer, began = SimpleNamespace(status=BROKEN, sent=0, headers=()), monotonic()

        async def send_and_count(message: dict[str, Any]) -> None:
            answer.status = message.get("status", answer.status)
            answer.sent += len(message.get("body", b""))
            await send(message)

        try:
            await application(scope, receive, send_and_count)
        finally:
            logger.access(answer, (), environ_of(scope), timedelta(seconds=monotonic() - began))

    return inner


def environ_of(scope: dict[str, Any]) -> dict[str, Any]:
    """The request as gunicorn's log expects it."""
    # Without META, it was too broken to be a request of Django's.
    meta = scope.get(META) or {"REQUEST_METHOD": scope["method"], "PATH_INFO": scope["path"]}
    return {**meta, "RAW_URI": scope["path"], "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}"}
