"""One message over the wire: to the very address that was checked, within a time-out for all of it."""

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer

from django.conf import settings
from django.core.exceptions import ValidationError

from profiles.webhooks.addresses import Target, Unreachable, resolve, target

# So much of an answer is kept, and no more of it is read.
KEPT_BYTES = 1000


@dataclass(frozen=True)
class Answer:
    """What came of it: a status and the beginning of the answer, or a word for why there is none."""

    status: int | None = None
    text: str = ""
    error: str = ""
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        return not self.error


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a message. Redirects are not followed: they would lead to an address that no one has checked."""
    began = time.monotonic()
    try:
        status, text = exchange(target(url), body, headers, began + settings.WEBHOOK_TIMEOUT)
        error = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
    except ValidationError as refused:
        status, text, error = None, "", str(getattr(refused, "code", "") or "invalid")
    except Unreachable as unreachable:
        status, text, error = None, "", unreachable.error
    return Answer(status, text, error, round((time.monotonic() - began) * 1000))


def exchange(to: Target, body: bytes, headers: dict[str, str], deadline: float) -> tuple[int, str]:
    """The status and the beginning of the answer. Raises Unreachable."""
    addresses, context = resolve(to.host), trusted()
    connection = (
        HTTPSConnection(to.host, to.port, context=context) if to.is_secure else HTTPConnection(to.host, to.port)
    )
    watch = Timer(max(0.0, deadline - time.monotonic()), cut, [connection])
    watch.daemon = True
    try:
        connection.sock = connected(addresses, to.port, deadline)
        watch.start()
        if to.is_secure:
            # The certificate has to be one for the host that was asked for, whatever address it has.
            plain = connection.sock
            connection.sock = context.wrap_socket(plain, server_hostname=to.host, do_handshake_on_connect=False)
            connection.sock.do_handshake()
        connection.request("POST", to.path, body, headers)
        response = connection.getresponse()
        text = response.read(KEPT_BYTES).decode(errors="replace").replace("\0", "\ufffd")
        status = response.status
    except (OSError, HTTPException) as error:
        raise Unreachable(reason(error, is_late=time.monotonic() >= deadline)) from error
    finally:
        watch.cancel()
        connection.close()
    if time.monotonic() >= deadline:
        raise Unreachable("timeout")  # What was cut off looks like an answer that ends early.
    return status, text


def connected(addresses: list[str], port: int, deadline: float) -> socket.socket:
    """To the first of these addresses that takes a connection. Raises OSError."""
    failure = OSError("There was no time.")
    for address in addresses:
        if (left := deadline - time.monotonic()) <= 0:
            raise TimeoutError from failure
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            failure = error
    raise failure


def trusted() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def cut(connection: HTTPConnection) -> None:
    """End an exchange whose time is over. A socket's own time-out begins anew with each byte that comes."""
    if connection.sock is not None:
        with suppress(OSError):
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def reason(error: Exception, *, is_late: bool) -> str:
    if is_late or isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "tls"
    return "answer" if isinstance(error, HTTPException) else "connection"
