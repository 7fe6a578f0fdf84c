"""Reads request bodies before their request takes a turn: completely, within a time limit and a limit of memory.

Without that, a few clients that send a byte now and then would hold all places of a process. gunicorn's threads read a
body when the application does, and wait for as long as it takes. So a body that is late is cut off.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from threading import Condition, Timer
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError

PIECE = 128 * 1024
# Bodies up to this size do not wait for memory.
SMALL = 64 * 1024
ROOM_SECONDS = 20
# If too many bodies are being read, the oldest is cut off: an ordinary form arrives at once.
MOMENT_SECONDS = 1


class TooLate(Exception):
    """The body did not arrive in time, or not completely."""


class NoRoom(Exception):
    """The body was not read: too many bodies are in memory, or wait for memory."""


class Arrival:
    """A body that is being read."""

    def __init__(self, sock: socket.socket | None) -> None:
        self.sock, self.began = sock, monotonic()

    def cut_off(self) -> None:
        """Make the reading thread see the end of the body. A response can still be sent."""
        if self.sock is not None:
            with suppress(OSError):  # The socket is closed already.
                # Not a TLS socket's own shutdown(), which would continue without encryption.
                socket.socket.shutdown(self.sock, socket.SHUT_RD)

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        timer = Timer(max(0, seconds), self.cut_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class Bodies:
    """The bodies of a process: at most `reading` are read at once, and `waiting` wait for memory, of which all together
    use at most `most_bytes`.

    Each piece of a body has to arrive within `piece_seconds`, and the whole body within `whole_seconds`.
    """

    def __init__(
        self, *, reading: float, waiting: float, most_bytes: float, piece_seconds: float, whole_seconds: float
    ) -> None:
        self.reading, self.waiting, self.most_bytes = reading, waiting, most_bytes
        self.piece_seconds, self.whole_seconds = piece_seconds, whole_seconds
        self._changed = Condition()
        self._arrivals: list[Arrival] = []
        self._waiting = 0
        self._bytes = 0

    @contextmanager
    def received(self, request: WSGIRequest, length: int) -> Iterator[None]:
        """Read the body, and keep it in memory until the request is answered. Raises TooLate and NoRoom."""
        with self._room(length):
            body = BytesIO()
            for piece in self.pieces(request, length):
                body.write(piece)
            body.seek(0)
            # As Django's own `request.body` does, which refuses large uploads.
            request._stream = body
            request._read_started = False  # type: ignore[attr-defined]
            yield

    def pieces(self, request: WSGIRequest, length: int) -> Iterator[bytes]:
        """The pieces of the body as they arrive. Raises TooLate."""
        read = 0
        with self._arriving(request) as arrival:
            while read < length:
                left = arrival.began + self.whole_seconds - monotonic()
                with arrival.at_most(min(self.piece_seconds, left)):
                    piece = read_piece(request)
                if not piece:
                    raise TooLate
                read += len(piece)
                yield piece

    @contextmanager
    def _arriving(self, request: WSGIRequest) -> Iterator[Arrival]:
        arrival = Arrival(request.environ.get("gunicorn.socket"))
        with self._changed:
            if len(self._arrivals) >= self.reading and monotonic() - self._arrivals[0].began > MOMENT_SECONDS:
                self._arrivals[0].cut_off()
            self._arrivals.append(arrival)
        try:
            yield arrival
        finally:
            with self._changed:
                self._arrivals.remove(arrival)

    @contextmanager
    def _room(self, length: int) -> Iterator[None]:
        if length <= SMALL:
            yield
            return
        self._wait_for_room(length)
        try:
            yield
        finally:
            with self._changed:
                self._bytes -= length
                self._changed.notify_all()

    def _wait_for_room(self, length: int) -> None:
        with self._changed:
            if self._waiting >= self.waiting:
                raise NoRoom
            self._waiting += 1
            try:
                if not self._changed.wait_for(lambda: self._bytes + length <= self.most_bytes, ROOM_SECONDS):
                    raise NoRoom
                self._bytes += length
            finally:
                self._waiting -= 1


def read_piece(request: WSGIRequest) -> Any:
    """The next piece of the body; empty if the client has disconnected."""
    try:
        return request.read(PIECE)
    except UnreadablePostError:
        return b""


def discard(environ: dict[str, Any]) -> None:
    """Read what the response has left of a body, for a moment, and cut off the rest.

    Static files, redirects and chunked bodies come to no middleware that reads them. gunicorn would wait for 1,024
    bytes at a time, and with each of them five seconds anew.
    """
    if environ.get("CONTENT_LENGTH", "0") in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
        return
    with Arrival(environ.get("gunicorn.socket")).at_most(MOMENT_SECONDS), suppress(OSError):
        while environ["wsgi.input"].read(PIECE):
            pass


@cache
def bodies() -> Bodies:
    """This process's bodies."""
    return Bodies(**settings.BODIES)
