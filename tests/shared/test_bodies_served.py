"""Bodies that are too large or too slow, sent to gunicorn as in production."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event

import pytest

from profiles.testing import needs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[int, Path]]:
    """gunicorn, on a port and with a folder for temporary files. The public site's form asks no database."""
    folder, temporary = tmp_path_factory.mktemp("served"), tmp_path_factory.mktemp("temporary")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "gunicorn.py").write_text("from config.gunicorn import post_request")
    options = ["--config", str(folder / "gunicorn.py"), "--bind", f"127.0.0.1:{port}", "--threads", "24"]
    serve = ["-m", "gunicorn", *options, "--no-control-socket", "config.wsgi"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.shared.impatient",
        "WEB_THREADS": "24",
        "WEB_PLACES": "2",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "TMPDIR": str(temporary),
    }
    process = subprocess.Popen([sys.executable, *serve], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    next(line for line in process.stderr if "Booting worker" in line)
    yield port, temporary
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


PART = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'


def head(size: int) -> bytes:
    """The beginning of an upload of so many bytes, with a cookie for which Django reads it to look for the token."""
    return (
        f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(PART) + size}\r\n"
        f"Cookie: csrf={'a' * 32}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    ).encode() + PART


def upload(port: int, size: int, *, sent: int) -> tuple[int, str]:
    """Status and page that come back once so many bytes are sent, of a file of so many."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head(size) + b"x" * sent)
        page = b""
        while b"</html>" not in page and (part := connection.recv(100_000)):
            page += part
    status = re.match(rb"HTTP/1.1 (\d+)", page)
    assert status, page
    return int(status[1]), page.decode()


@pytest.mark.slow
def test_gunicorn_answers_at_once_to_what_is_far_too_large(server):
    port, folder = server
    status, page = upload(port, 5_000_000_000, sent=0)
    assert (status, list(folder.iterdir())) == (413, [])
    assert "choose a smaller file" in page


@pytest.mark.slow
def test_gunicorn_answers_a_photo_that_is_too_large_once_it_is_sent(server):
    port, folder = server
    status, page = upload(port, 20_000_000, sent=20_000_000)
    assert (status, list(folder.iterdir())) == (413, [])
    assert "choose a smaller file" in page


@pytest.mark.slow
def test_gunicorn_keeps_nothing_of_an_upload_that_is_broken_off(server):
    port, folder = server
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head(10_000_000) + b"x" * 5_000_000)
    assert upload(port, 5_000_000_000, sent=0)[0] == 413
    assert list(folder.iterdir()) == []


SLOW = 12


def trickle(port: int, over: Event) -> bytes:
    """What is answered to a form of which a byte comes now and then."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head(1000))
        while not over.wait(0.1) and not select.select([connection], [], [], 0)[0]:
            connection.sendall(b"x")
        return b"" if over.is_set() else connection.recv(100)


@pytest.mark.slow
@needs("tenants.registration")
def test_slow_senders_delay_no_one_and_are_cut_off(server):
    """More of them than there are places: pages are answered meanwhile, and so are forms."""
    port, _ = server
    over = Event()
    with ThreadPoolExecutor(SLOW) as pool, ExitStack() as stack:
        stack.callback(over.set)
        slow = [pool.submit(trickle, port, over) for _ in range(SLOW)]
        time.sleep(0.5)
        began = time.monotonic()
        assert fetch(port, b"GET /sign-up/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") == 200
        assert upload(port, 100, sent=100)[0] == 403  # The token is none.
        assert time.monotonic() - began < 1
        assert not any(each.done() for each in slow)
        assert {each.result(10)[:12] for each in slow} == {b"HTTP/1.1 408"}


STATIC = b"GET /static/shared/css/base.css HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"POST /sign-up/ HTTP/1.1\r\nHost: localhost\r\n"
# Requests whose bodies nothing reads, and what a slow client sends of them.
UNREAD = {
    "of a static file": (STATIC + b"Content-Length: 5000\r\n\r\n", b"x"),
    "in chunks": (FORM + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
}


@pytest.mark.slow
@needs("tenants.registration")
@pytest.mark.parametrize("name", UNREAD)
def test_slow_senders_of_what_nothing_reads_are_cut_off_too(server, name):
    """More of them than there are threads."""
    port, _ = server
    head, piece = UNREAD[name]
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30)) for _ in range(26)]
        for each in slow:
            each.sendall(head + piece)
        over = Event()
        stack.enter_context(ThreadPoolExecutor(1)).submit(keep_on, slow, piece, over)
        stack.callback(over.set)
        began = time.monotonic()
        assert fetch(port, b"GET /sign-up/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") == 200
        assert time.monotonic() - began < 4


def keep_on(slow: list[socket.socket], piece: bytes, over: Event) -> None:
    """Send a bit more on each connection that is still open."""
    while not over.wait(0.2):
        for each in slow:
            with suppress(OSError):
                each.sendall(piece)


def fetch(port: int, request: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        return int(connection.recv(12).split()[1])
