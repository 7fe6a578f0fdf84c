"""A bucket that fails, on the loopback address: each of the ways in which storages do."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from botocore.config import Config

from tenants.object_storage.apps import storage_of
from tenants.object_storage.storage import CLIENT

STATUS = {"forbids": 403, "fails": 500, "garbled": 200, "cut": 200}
SILENT = ("refuses", "hangs", "forbids", "fails")  # in which nothing at all can be asked
# "cut" sends less of an object than it promises. "garbled" is a page of a proxy in front of it, with 200.
WAYS = (*SILENT, "cut")
SECONDS = 0.2  # after which the product stops waiting for it


class Handler(BaseHTTPRequestHandler):
    way: str
    ended: Event

    def answer(self) -> None:
        if self.way == "hangs":
            self.ended.wait()
            return
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b"<html>This is no answer of S3" if self.command != "HEAD" else b""
        self.send_response(STATUS[self.way])
        self.send_header("Content-Length", str(len(body) if self.way != "cut" else 4_000))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815  the names that http.server looks for

    def log_message(self, *_arguments: Any) -> None:
        """Tests read the log of the product."""


@contextmanager
def serving(way: str) -> Iterator[str]:
    """The address of a bucket that fails so."""
    if way == "refuses":
        with socket.socket() as taken:  # bound and not listening: connections are refused
            taken.bind(("127.0.0.1", 0))
            yield "http://127.0.0.1:{1}".format(*taken.getsockname())
        return
    ended = Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Failing", (Handler,), {"way": way, "ended": ended}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield "http://127.0.0.1:{1}".format(*server.server_address)
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def storage_at(endpoint: str) -> dict[str, Any]:
    """The entry of STORAGES for it. The product waits less long for it than in production."""
    storage = storage_of(f"s3://bucket?endpoint={endpoint}&region=us-east-1")
    quick = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 1})
    storage["OPTIONS"]["client_config"] = CLIENT.merge(quick).merge(Config(s3={"addressing_style": "path"}))
    return storage
