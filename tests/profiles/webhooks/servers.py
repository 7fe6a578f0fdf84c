"""Servers on loopback that a message may reach, or must not: of names, and of HTTP with every bad habit."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import dns.message
import dns.rrset


@dataclass
class Receiver:
    """A receiver of messages at an address of loopback: what it was sent, and how it answers."""

    server: ThreadingHTTPServer
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: say(handler, 200, b"ok")

    @property
    def port(self) -> int:
        return self.server.server_address[1]


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte of a header every 50 ms: no byte is late, and there is no end."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(100):
            handler.wfile.write(b"a")
            time.sleep(0.05)
    except OSError:
        pass


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass


@contextmanager
def receiving(address: str, port: int = 0, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            receiver.connections.append(self.client_address)
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.got.append((dict(self.headers.items()), body))
            receiver.answer(self)
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the parent's
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients that leave are part of the test."""

    server = Server((address, port), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Names:
    """A name server: `says["receiver.example."]` is a list of answers, the last of which is repeated."""

    socket: socket.socket
    says: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return "{}:{}".format(*self.socket.getsockname())

    def serve(self) -> None:
        while True:
            try:
                data, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if data:
                self.socket.sendto(self.reply(data), client)
            else:
                return

    def reply(self, data: bytes) -> bytes:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = str(question.name), question.rdtype.name
        response = dns.message.make_response(query)
        answers = self.says.get(name, [[]])
        if kind == "A":
            self.asked.append(name)
        found = answers[min(self.asked.count(name) - 1, len(answers) - 1)]
        texts = [text for text in found if (":" in text) == (kind == "AAAA")]
        if texts:
            response.answer.append(dns.rrset.from_text(question.name, 0, "IN", kind, *texts))
        return response.to_wire()


@contextmanager
def naming() -> Iterator[Names]:
    names = Names(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    names.socket.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=names.serve, daemon=True)
    thread.start()
    try:
        yield names
    finally:
        host, port = names.socket.getsockname()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (host, port))
        thread.join()
        names.socket.close()
