"""Several web containers behind the product's own Caddyfile: each host has its own, and moves when that one is gone."""

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.config.conftest import BASE_DIR
from tests.names import Names, naming

CADDY = shutil.which("caddy")
HOSTS = [f"organisation-{number}.example.com" for number in range(60)]
ADDRESSES = [f"127.0.0.{last}" for last in (2, 3, 4, 5)]
pytestmark = [
    pytest.mark.skipif(CADDY is None, reason="caddy is not installed: apt install caddy"),
    pytest.mark.slow,
]


class Web(BaseHTTPRequestHandler):
    """Answers with its own address, as the container that got the request."""

    def do_GET(self) -> None:
        body = str(self.connection.getsockname()[0]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def web(address: str, port: int) -> Iterator[None]:
    server = ThreadingHTTPServer((address, port), Web)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def names() -> Iterator[Names]:
    with naming() as names:
        names.says["web."] = [ADDRESSES]
        yield names


@pytest.fixture
def proxy(tmp_path: Path, names: Names) -> Iterator[tuple[int, int]]:
    """Caddy with the product's file: its own port, and that of all webs."""
    listening, upstream = free_port(), free_port()
    text = (BASE_DIR / "config" / "caddy" / "Caddyfile").read_text()
    text = text.replace(":8000 {", f":{listening} {{\n\tbind 127.0.0.1")
    text = text.replace("dynamic a web 8000 {", f"dynamic a web {upstream} {{\n\t\t\tresolvers udp/{names.address}")
    text = text.replace("auto_https off", "auto_https off\n\tadmin off")
    text = text.replace("request_buffers 12MB", "" if is_old() else "request_buffers 12MB")
    (tmp_path / "Caddyfile").write_text(text)
    command = [str(CADDY), "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    homes = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | homes, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 20
        while not listens(listening):
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.05)
        yield listening, upstream
    finally:
        process.terminate()
        process.wait(20)


def is_old() -> bool:
    """Version 2.6, of Debian 12, has another name for that option."""
    return " 2.6" in f" {subprocess.run([str(CADDY), 'version'], capture_output=True, text=True, check=True).stdout}"


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def served_by(port: int) -> dict[str, str]:
    """Which web answers for each host. Every answer has to be 200."""
    found = {}
    for host in HOSTS:
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as browser:
            browser.request("GET", "/", headers={"Host": host})
            answer = browser.getresponse()
            found[host] = answer.read().decode()
            assert answer.status == 200, host
    return found


def test_each_host_has_its_own_web_and_moves_while_that_is_gone(proxy: tuple[int, int], names: Names) -> None:
    port, upstream = proxy
    with ExitStack() as others:
        for address in ADDRESSES[:-1]:
            others.enter_context(web(address, upstream))
        with web(ADDRESSES[-1], upstream):
            before = served_by(port)
            assert served_by(port) == before, "A host has to arrive at the same one each time."
        assert set(Counter(before.values())) == set(ADDRESSES)
        assert max(Counter(before.values()).values()) < len(HOSTS) / 2

        names.says["web."] = [ADDRESSES[:-1]]  # Requests for the last wait until Caddy has asked again.
        gone = served_by(port)
        moved = {host for host in HOSTS if gone[host] != before[host]}
        assert moved == {host for host in HOSTS if before[host] == ADDRESSES[-1]}, "All other hosts stay."
        assert len({gone[host] for host in moved}) > 1, "They are spread over the others."

        names.says["web."] = [ADDRESSES]
        with web(ADDRESSES[-1], upstream):
            time.sleep(1.2)  # until Caddy asks again
            assert served_by(port) == before
