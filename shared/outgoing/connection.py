"""One request over the wire: to the very address that was checked, within a time-out for all of it."""

import socket
import ssl
import time
from contextlib import suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import Timer

from shared.outgoing.addresses import Rules, Target, Unreachable, resolve


def exchange(
    to: Target, rules: Rules, *, method: str, body: bytes | None, headers: dict[str, str], deadline: float, most: int
) -> tuple[int, bytes]:
    """The status and the first `most` bytes of the answer, until `deadline` by the monotonic clock. Raises Unreachable.

    Redirects are not followed: they would lead to an address that no one has checked.
    """
    addresses = resolve(to.host, rules)
    context = trusted() if to.is_secure else None
    connection = HTTPSConnection(to.host, to.port, context=context) if context else HTTPConnection(to.host, to.port)
    watch = Timer(max(0.0, deadline - time.monotonic()), cut, [connection])
    watch.daemon = True
    try:
        connection.sock = connected(addresses, to.port, deadline)
        watch.start()
        if context:
            # The certificate has to be one for the host that was asked for, whatever address it has.
            plain = connection.sock
            connection.sock = context.wrap_socket(plain, server_hostname=to.host, do_handshake_on_connect=False)
            connection.sock.do_handshake()
        connection.request(method, to.path, body, headers)
        response = connection.getresponse()
        content = response.read(most)
        status = response.status
    except (OSError, HTTPException) as error:
        raise Unreachable(reason(error, is_late=time.monotonic() >= deadline)) from error
    finally:
        watch.cancel()
        connection.close()
    if time.monotonic() >= deadline:
        raise Unreachable("timeout")  # What was cut off looks like an answer that ends early.
    return status, content


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
    """The certificate authorities of this machine, read anew once their file or folder has changed."""
    paths = ssl.get_default_verify_paths()
    return context_from(*((path, Path(path).stat().st_mtime_ns) for path in (paths.cafile, paths.capath) if path))


@lru_cache(maxsize=1)
def context_from(*_paths: tuple[str, int]) -> ssl.SSLContext:
    """Reading takes about twenty milliseconds of processor time, more than the exchange itself."""
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
