"""Bodies that are too large are refused before they are read or stored, with an error page."""

import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from profiles.testing import needs
from shared.bodies import READ_TO_NOWHERE, BodyMiddleware, bounded
from shared.receiving import SMALL, Bodies, NoRoom, TooLate
from tests.tenants.crowd import until

MOST = 1000


@pytest.fixture
def small(settings):
    settings.BODY_MAX_BYTES = settings.FILE_UPLOAD_MAX_MEMORY_SIZE = MOST


def answer(length: object, body: bytes = b"") -> tuple[int, int]:
    """Status of the answer to a body that is announced with this length, and how much of it was read."""
    stream = BytesIO(body)
    return served({"CONTENT_LENGTH": length, "wsgi.input": stream}), stream.tell()


def served(environ: dict[str, Any]) -> int:
    """By Django's order: what a middleware says before the view goes before what the view says."""
    request = RequestFactory().request(REQUEST_METHOD="POST", **environ)
    middleware = BodyMiddleware(lambda request: middleware.process_view(request) or HttpResponse())
    return middleware(request).status_code


@pytest.mark.parametrize(
    ("length", "status", "read"),
    [
        (MOST, 200, MOST),
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


class Gone(BytesIO):
    def read(self, *_arguments: object) -> bytes:
        raise OSError("connection reset")


@pytest.mark.parametrize(("length", "status"), [(MOST + 1, 413), (MOST, 408)])
def test_a_client_that_disconnects_early_breaks_nothing(small, length, status):
    assert served({"CONTENT_LENGTH": length, "wsgi.input": Gone()}) == status


def test_half_a_body_reaches_no_view(small):
    """A form that is cut off in the middle of a field would be another form."""
    assert served({"CONTENT_LENGTH": MOST, "wsgi.input": BytesIO(b"x" * (MOST - 1))}) == 408


def test_a_body_reaches_the_view_as_it_was_sent(small):
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.POST["name"].encode() + request.FILES["file"].read())  # type: ignore[union-attr]

    request = RequestFactory().post("/", {"name": "Ada", "file": SimpleUploadedFile("a.png", b"picture")})
    assert BodyMiddleware(view)(request).content == b"Adapicture"


@pytest.fixture
def little_room() -> Bodies:
    return Bodies(reading=2, waiting=1, most_bytes=SMALL + 10, piece_seconds=5, whole_seconds=5)


def received(bodies: Bodies, length: int) -> AbstractContextManager[None]:
    request = RequestFactory().generic("POST", "/", b"x" * length)
    return bodies.received(request, length)


def test_what_memory_has_no_room_for_waits_until_another_request_is_answered(little_room):
    with ThreadPoolExecutor(2) as pool:
        with received(little_room, SMALL + 5):
            second = pool.submit(hold, little_room, SMALL + 5)
            until(lambda: little_room._waiting == 1)
            with pytest.raises(NoRoom):
                hold(little_room, SMALL + 5)
            hold(little_room, SMALL)  # which is small
            assert not second.done()
        second.result(10)
    assert (little_room._bytes, little_room._waiting, little_room._arrivals) == (0, 0, [])


def hold(bodies: Bodies, length: int) -> None:
    with received(bodies, length):
        pass


def test_what_waits_for_too_long_is_told_to_come_back(little_room, monkeypatch):
    monkeypatch.setattr("shared.receiving.ROOM_SECONDS", 0.05)
    with received(little_room, SMALL + 5), pytest.raises(NoRoom):
        hold(little_room, SMALL + 5)


def test_of_too_many_that_are_being_read_the_one_that_takes_longest_is_cut_off(monkeypatch):
    monkeypatch.setattr("shared.receiving.MOMENT_SECONDS", 0)
    few = Bodies(reading=1, waiting=1, most_bytes=SMALL, piece_seconds=30, whole_seconds=30)
    browser, server = socket.socketpair()
    with browser, server, server.makefile("rb") as stream, ThreadPoolExecutor(1) as pool:
        environ = {"CONTENT_LENGTH": 10, "wsgi.input": stream, "gunicorn.socket": server}
        request = RequestFactory().request(REQUEST_METHOD="POST", **environ)
        slow = pool.submit(lambda: few.received(request, 10).__enter__())
        until(lambda: few._arrivals)
        hold(few, 10)
        with pytest.raises(TooLate):
            slow.result(10)


@pytest.mark.parametrize(("refusal", "status"), [(NoRoom, 503), (TooLate, 408)])
def test_refusals_have_pages(monkeypatch, refusal, status):
    def refuse(*_arguments: object) -> None:
        raise refusal

    monkeypatch.setattr(Bodies, "received", refuse)
    assert served({"CONTENT_LENGTH": 1, "wsgi.input": BytesIO(b"x")}) == status


@pytest.mark.parametrize("path", ["/", "/account/login/", "/people/reader/edit/"])
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
