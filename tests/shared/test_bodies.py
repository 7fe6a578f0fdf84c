"""Bodies that are too large: refused before they are read or kept, with a page that says so."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse
from django.test import RequestFactory

from profiles.testing import needs
from shared.bodies import READ_TO_NOWHERE, BodyMiddleware, bounded

ROOT = Path(__file__).parents[2]
MOST = 1000


@pytest.fixture
def small(settings):
    settings.BODY_MAX_BYTES = settings.FILE_UPLOAD_MAX_MEMORY_SIZE = MOST


def answer(length: object, body: bytes = b"") -> tuple[int, int]:
    """Status of the answer to a body that is announced with this length, and how much of it was read."""
    stream = BytesIO(body)
    return served({"CONTENT_LENGTH": length, "wsgi.input": stream}), stream.tell()


def served(environ: dict[str, Any]) -> int:
    request = RequestFactory().request(REQUEST_METHOD="POST", **environ)
    return BodyMiddleware(lambda _request: HttpResponse())(request).status_code


@pytest.mark.parametrize(
    ("length", "status", "read"),
    [
        (MOST, 200, 0),
        (MOST + 1, 413, MOST + 1),
        (READ_TO_NOWHERE * MOST, 413, READ_TO_NOWHERE * MOST),
        (READ_TO_NOWHERE * MOST + 1, 413, 0),
        (10**30, 413, 0),
        ("", 200, 0),
        ("-1", 200, 0),
        ("nonsense", 200, 0),
    ],
)
def test_what_is_announced_is_refused_and_what_is_far_too_large_is_not_read(small, length, status, read):
    assert answer(length, b"x" * 10 * MOST) == (status, read)


def test_somebody_who_is_gone_before_the_end_breaks_nothing(small):
    class Gone(BytesIO):
        def read(self, *_arguments: object) -> bytes:
            raise OSError("connection reset")

    assert served({"CONTENT_LENGTH": MOST + 1, "wsgi.input": Gone()}) == 413


@pytest.mark.parametrize("path", ["/", "/account/login/", "/people/reader/edit/", "/nothing/"])
def test_the_page_says_what_to_do(small, visitor, path):
    response = visitor.post(path, {"photo": SimpleUploadedFile("a.png", b"x" * MOST)})
    assert response.status_code == 413
    assert "choose a smaller file" in response.content.decode()


@pytest.mark.parametrize("site", ["organisation", pytest.param("public", marks=needs("tenants.registration"))])
def test_fields_of_too_many_bytes_are_answered_alike(as_user, reader, public_client, site):
    browser, path = (public_client, "/sign-up/") if site == "public" else (as_user(reader), "/people/reader/edit/")
    for data in ({"name": "x" * 1_100_000}, {f"f{number}": "" for number in range(1100)}):
        assert browser.post(path, data).status_code == 413


def test_no_upload_goes_by_the_disk(as_user, reader, monkeypatch):
    seen = []
    monkeypatch.setattr(InMemoryUploadedFile, "close", lambda file: seen.append(file.size))
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", None)
    response = as_user(reader).post("/people/reader/edit/", {"photo": SimpleUploadedFile("a.png", b"x" * 9_000_000)})
    assert response.status_code == 200
    assert set(seen) == {9_000_000}


# --- By ASGI ------------------------------------------------------------------------------------------------------


async def ask(parts: int, *, is_announced: bool) -> tuple[int, bool]:
    """Status of the answer to a body in so many parts of 600 bytes, and whether all of it was taken."""
    headers = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=x")]
    headers += [(b"content-length", str(600 * parts).encode())] if is_announced else []
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    given: list[int] = []

    async def watched(scope: dict, receive, send) -> None:
        async def take() -> dict:
            message = await receive()
            given.append(len(message.get("body", b"")))
            return message

        await ASGIHandler()(scope, take, send)

    browser = ApplicationCommunicator(bounded(watched), scope)
    for number in range(1, parts + 1):
        await browser.send_input({"type": "http.request", "body": b"x" * 600, "more_body": number < parts})
    start = await browser.receive_output()
    while (await browser.receive_output()).get("more_body"):
        pass
    await browser.wait()
    assert sum(given) <= MOST
    return start["status"], sum(given) == 600 * parts


@pytest.mark.parametrize("is_announced", [True, False])
def test_asgi_takes_no_more_than_may_be_sent(small, is_announced):
    assert async_to_sync(ask)(1, is_announced=is_announced)[1] is True
    assert async_to_sync(ask)(10, is_announced=is_announced) == (413, False)


def test_other_than_requests_pass(small):
    seen = []

    async def application(scope, receive, send) -> None:
        seen.append(receive)

    async_to_sync(bounded(application))({"type": "lifespan"}, ask, ask)
    assert seen == [ask]


# --- By the server of production ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[int, Path]]:
    """gunicorn, on a port and with a folder for temporary files. The public site's form asks no database."""
    folder = tmp_path_factory.mktemp("temporary")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "2", "--no-control-socket", "config.wsgi"]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "TMPDIR": str(folder),
    }
    process = subprocess.Popen([sys.executable, *serve], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    next(line for line in process.stderr if "Booting worker" in line)
    yield port, folder
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


def test_gunicorn_answers_at_once_to_what_is_far_too_large(server):
    port, folder = server
    status, page = upload(port, 5_000_000_000, sent=0)
    assert (status, list(folder.iterdir())) == (413, [])
    assert "choose a smaller file" in page


def test_gunicorn_answers_a_photo_that_is_too_large_once_it_is_sent(server):
    port, folder = server
    status, page = upload(port, 20_000_000, sent=20_000_000)
    assert (status, list(folder.iterdir())) == (413, [])
    assert "choose a smaller file" in page


def test_gunicorn_keeps_nothing_of_an_upload_that_is_broken_off(server):
    port, folder = server
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head(10_000_000) + b"x" * 5_000_000)
    assert upload(port, 5_000_000_000, sent=0)[0] == 413
    assert list(folder.iterdir()) == []
