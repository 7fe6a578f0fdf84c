"""Server-sent events by uvicorn under gunicorn: each in its organisation, bounded, and none holds a place meanwhile."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic

import pytest

from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Tenant
from tenants.organisations.suspend import suspend
from tenants.serving.live import Lines
from tests.gunicorn import ROOT, environment
from tests.tenants.crowd import until


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture
def server(tmp_path: Path, committed: None) -> Iterator[Server]:
    """uvicorn under gunicorn, on a socket that is open before it starts, with one place."""
    with socket.create_server(("127.0.0.1", 0)) as listener, (tmp_path / "log").open("wb") as log:
        options = ["--config", "python:config.gunicorn", "--workers", "1", "--bind", f"fd://{listener.fileno()}"]
        worker = ["--worker-class", "config.asgi_worker.Worker", "--access-logfile", str(tmp_path / "access")]
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, *worker, "config.asgi"],
            cwd=ROOT,
            env=environment(tmp_path, DJANGO_SETTINGS_MODULE="tests.tenants.serving.live_settings"),
            pass_fds=[listener.fileno()],
            stderr=log,
        )
        yield Server(listener.getsockname()[1], process, tmp_path / "log")
        process.terminate()
        process.wait(20)


class Browser:
    """Opens a page at an organisation, and reads its events."""

    def __init__(self, port: int, tenant: Tenant, path: str = "/live/") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request("GET", path, headers={"Host": f"{tenant.slug}.localhost"})
        self.response: HTTPResponse = self.connection.getresponse()
        self.status = self.response.status

    def event(self) -> str:
        """The next data; "" at the end."""
        while line := self.response.readline():
            if line.startswith(b"data: "):
                return line.decode().strip().removeprefix("data: ")
        return ""

    def close(self) -> None:
        self.response.close()
        self.connection.close()


@pytest.fixture
def browse(server: Server) -> Iterator[Callable[..., Browser]]:
    """Opens a page, and closes it at the end."""
    with ExitStack() as opened:

        def browse(tenant: Tenant, path: str = "/live/") -> Browser:
            return opened.enter_context(closing(Browser(server.port, tenant, path)))

        yield browse


@pytest.mark.slow
def test_events_are_told_to_each_organisation_and_end_with_it(browse, new_tenant):
    acme, globex = new_tenant("liveacme"), new_tenant("liveglobex")
    first, second, other = browse(acme), browse(acme), browse(globex)
    assert first.response.getheader("Content-Type") == "text/event-stream"
    assert first.response.getheader("X-Request-ID")
    assert [first.event(), second.event(), other.event()] == ['["liveacme", 1]'] * 2 + ['["liveglobex", 1]']
    # There is one place in all, and pages are served while three answers are open.
    assert browse(globex, "/account/login/").status == 200
    assert browse(acme).status == 503
    assert browse(globex).status == 503
    with within(acme):
        User.objects.create_user(username="more", email="more@liveacme.example")
    assert [first.event(), second.event()] == ['["liveacme", 2]'] * 2
    # A browser that leaves makes room.
    first.close()
    until(lambda: browse(globex).status == 200)
    suspend(acme)
    assert second.event() == ""


@pytest.mark.slow
def test_open_answers_do_not_delay_a_process_that_ends(browse, new_tenant, server):
    """One that has answered `max_requests`, or is replaced by a deployment; open answers may last ten minutes."""
    acme = new_tenant("liveacme")
    opened = browse(acme)
    assert opened.event() == '["liveacme", 1]'
    server.process.send_signal(signal.SIGHUP)  # gunicorn replaces its processes
    began = monotonic()
    assert opened.event() == ""
    assert monotonic() - began < 15, "It waits until the new process has started, and then a second."
    assert browse(acme).event() == '["liveacme", 1]', "The new process serves."
    server.process.terminate()
    assert server.process.wait(5) == 0
    assert "exceeded" not in server.log.read_text()


def test_without_asgi_a_browser_is_told_not_to_ask_again(acme, settings):
    settings.ROOT_URLCONF = "tests.tenants.serving.live_urls"
    assert SiteClient(acme).get("/live/").status_code == 204


def test_lines_are_bounded_in_all_and_for_one(settings):
    settings.LIVE = {"most": 3, "most_of_one": 2, "seconds": 1}
    lines = Lines()
    assert [lines.open("a"), lines.open("a"), lines.open("a"), lines.open("b"), lines.open("c")] == [
        *(True, True, False),
        *(True, False),
    ]
    lines.close("a")
    assert lines.open("c")
    assert lines.number() == 3
