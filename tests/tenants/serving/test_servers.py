"""What the middleware promises holds for each way of serving, over real HTTP: threads, uvicorn, and both at once."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tenants.models import Tenant
from tests.gunicorn import ROOT, environment
from tests.tenants.crowd import until

GUNICORN = ["-m", "gunicorn", "--config", "python:config.gunicorn", "--workers", "1"]
UVICORN = ["-m", "uvicorn", "--no-access-log", "--no-proxy-headers", "--log-level", "warning", "--lifespan", "off"]
SERVERS = {
    "gunicorn": [*GUNICORN, "config.wsgi"],
    "uvicorn": [*UVICORN, "config.asgi:application"],
    "uvicorn under gunicorn": [*GUNICORN, "--worker-class", "config.asgi_worker.Worker", "config.asgi"],
}
pytestmark = pytest.mark.slow


@pytest.fixture(params=SERVERS)
def port(request, tmp_path: Path, committed: None) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener, (tmp_path / "log").open("wb") as log:
        fd, access = listener.fileno(), tmp_path / "access"
        bind = [f"--bind=fd://{fd}", f"--access-logfile={access}"] if access_is_logged(request) else ["--fd", str(fd)]
        variables = {"DJANGO_SETTINGS_MODULE": "tests.tenants.serving.served_settings", "PYTHONWARNINGS": "ignore"}
        process = subprocess.Popen(
            [sys.executable, *SERVERS[request.param], *bind],
            cwd=ROOT,
            env=environment(tmp_path, **variables),
            pass_fds=[fd],
            stderr=log,
        )
        yield listener.getsockname()[1]
        process.terminate()
        assert process.wait(40) in (0, -15), (tmp_path / "log").read_text()


def access_is_logged(request: pytest.FixtureRequest) -> bool:
    """uvicorn's own log has no organisation and no request, so it is off."""
    return "gunicorn" in request.node.callspec.params["port"]


def get(port: int, path: str, host: str = "acme.localhost", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host, **headers})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_one_way_of_serving_does_as_the_others(port: int, acme_and_globex: list[Tenant], request, tmp_path) -> None:
    acme, globex = acme_and_globex

    # Each request runs in its organisation, sync and async views alike, many at the same time.
    asked = [(tenant, path) for tenant in (acme, globex) for path in ("/", "/where-async/")] * 8
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda each: get(port, each[1], f"{each[0].slug}.localhost")[1].decode(), asked))
    for (tenant, _), body in zip(asked, found, strict=True):
        assert body.startswith(f"{tenant.schema_name} owner@{tenant.slug}.example")

    # Refusals, and errors with their headers.
    unknown, _ = get(port, "/", "nobody.localhost")
    assert unknown.status == 404
    for path in ("/fail/", "/fail-async/"):
        broken, _ = get(port, path, **{"X-Request-ID": "request-of-a-proxy"})
        assert (broken.status, broken.getheader("X-Request-ID")) == (500, "request-of-a-proxy")
        assert broken.getheader("X-Frame-Options") == "DENY"

    # Static files, and none that is not there. No place is taken for them.
    style, sheet = get(port, "/static/shared/css/reset.css", "nobody.localhost")
    assert (style.status, style.getheader("Content-Type")) == (200, 'text/css; charset="utf-8"')
    assert sheet == (ROOT / "shared" / "static" / "shared" / "css" / "reset.css").read_bytes()
    assert get(port, "/static/shared/css/none.css")[0].status == 404

    # Streams, a part at a time, in their organisation.
    for path in ("/stream/", "/stream-async/"):
        assert get(port, path)[1].split() == [b"owner@acme.example", b"admin@acme.example"]

    # A statement that takes a second is ended after half of one. Meanwhile the other organisation is served.
    with ThreadPoolExecutor(4) as threads:
        slow = [threads.submit(get, port, "/slow/") for _ in range(3)]
        until(lambda: any(each.running() for each in slow))
        time.sleep(0.1)
        began = time.monotonic()
        assert get(port, "/", "globex.localhost")[0].status == 200
        assert time.monotonic() - began < 0.4, "It waited for another organisation's requests."
        assert {each.result(30)[0].status for each in slow} == {503}

    # A connection that PostgreSQL has ended is replaced.
    get(port, "/lose/")
    assert get(port, "/")[0].status == 200

    # A body that is too large is refused.
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", b"x" * 11_500_000, headers={"Host": "acme.localhost"})
    assert connection.getresponse().status == 413
    connection.close()

    # A line for each request names its organisation, id and client, and no secret; also of a path that is no Latin-1.
    get(port, "/%E4%B8%AD/?key=hunter2", **{"X-Request-ID": "request-of-a-proxy"})
    if access_is_logged(request):
        log = tmp_path / "access"
        until(lambda: "%E4%B8%AD" in log.read_text())
        lines = log.read_text().splitlines()
        assert (
            f'{acme.schema_name} acme.localhost request-of-a-proxy - 127.0.0.1 "GET /%E4%B8%AD/?key=*** ' in lines[-1]
        )
        assert sum(f" {acme.schema_name} acme.localhost " in line and '"GET / ' in line for line in lines) >= 8
        assert any('"POST / HTTP/1.1" 413 ' in line for line in lines)
