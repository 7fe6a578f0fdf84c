"""The product, served on loopback as gunicorn serves it: by WSGI, in another thread of the tests' process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the parent's
        pass


@contextmanager
def served() -> Iterator[int]:
    """Yields the port."""
    application = get_wsgi_application()

    def closing(environ: Any, start_response: Any) -> Any:
        try:
            yield from application(environ, start_response)
        finally:
            connections.close_all()

    with make_server("127.0.0.1", 0, closing, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
