"""The commands of the containers in docker-compose.yml, run without Docker, on a new database."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from config import brand
from config.bundled.server import Server
from config.health import is_healthy
from profiles.testing import needs
from tests.config.compose import SECRETS, SERVICES, filled
from tests.config.conftest import BASE_DIR


@pytest.fixture
def container(environment: dict[str, str], folder: Path, server: Server) -> dict[str, str]:
    """A service's environment, with a new database of the bundled server in place of the container's."""
    server.ensure_running()
    server.ensure_database("shop")
    ours = {key: filled(value, SECRETS) for key, value in SERVICES["web"]["environment"].items() if value}
    host = quote(str(server.socket_folder), safe="")
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    replaced = {
        "DATABASE_URL": f"postgres://{brand.SLUG}@{host}:5432/shop",
        "STATIC_ROOT": str(folder / "static"),
    }
    return environment | ours | replaced | {"PATH": path, "WEB_CONCURRENCY": "1"}


def to_its_end(command: list[str], container: dict[str, str]) -> str:
    """The output of a command, which has to succeed."""
    result = subprocess.run(
        command, cwd=BASE_DIR, env=container, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@contextmanager
def running(command: list[str], container: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running service, which has to end with status 0 when it is asked to."""
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=BASE_DIR, env=container, stdout=output, stderr=output) as service,
    ):
        try:
            yield service
            service.terminate()
            assert service.wait(20) == 0, log.read_text()
        finally:
            service.kill()


def until(succeeds: Callable[[], object], service: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for it, half a minute at most, while the service runs."""
    deadline = time.monotonic() + 30
    while not succeeds():
        assert service.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def get(port: int, path: str) -> http.client.HTTPResponse:
    """What the proxy gets from the web."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "shop.example", "X-Forwarded-Proto": "https"})
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


@pytest.mark.slow
def test_services_run_with_their_own_commands(container: dict[str, str], folder: Path, free_port: int) -> None:
    container |= {"GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{free_port}", "PORT": str(free_port)}
    to_its_end(["python", "manage.py", "collectstatic", "--noinput"], container)
    to_its_end(SERVICES["migrate"]["command"], container)

    web, log = SERVICES["web"], folder / "web.log"
    as_web = container["DATABASE_URL"].replace(f"{brand.SLUG}@", f"{brand.SLUG}_web@")
    with running(web["command"], container | {"DATABASE_URL": as_web}, log) as service:
        until(lambda: is_healthy("127.0.0.1", free_port, "shop.example"), service, log)
        to_its_end(web["healthcheck"]["test"][1:], container)
        page = get(free_port, "/")
        assert page.status == 200
        style = re.search(rb'href="(/static/[^"]+\.css)"', page.body)  # type: ignore[attr-defined]
        assert style
        assert "immutable" in (get(free_port, style[1].decode()).headers["Cache-Control"] or "")

    for name in ("urgent-worker", "worker"):
        worker, log = SERVICES[name], folder / f"{name}.log"
        with running(worker["command"], container, log) as service:
            until(partial(says, log, "Starting worker"), service, log)
            to_its_end(worker["healthcheck"]["test"][1:], container)


def says(log: Path, words: str) -> bool:
    return words in log.read_text()


@pytest.mark.slow
def test_unhealthy_web_is_seen(container: dict[str, str], free_port: int) -> None:
    command = SERVICES["web"]["healthcheck"]["test"][1:]
    result = subprocess.run(command, cwd=BASE_DIR, env=container | {"PORT": str(free_port)}, check=False)
    assert result.returncode == 1


@pytest.mark.slow
@needs("profiles.demo")
def test_web_does_not_start_with_the_demos_people(container: dict[str, str], free_port: int) -> None:
    development = {name: value for name, value in container.items() if name not in ("ENVIRONMENT", "BASE_URL")}
    to_its_end(["python", "manage.py", "migrate"], development)
    to_its_end(["python", "manage.py", "demo"], development)
    assert "demo's password" in refusal(container, free_port)


@pytest.mark.slow
def test_web_does_not_start_without_its_static_files(container: dict[str, str], free_port: int) -> None:
    to_its_end(SERVICES["migrate"]["command"], container)
    said = refusal(container, free_port)
    assert said.endswith(f" is not in {container['STATIC_ROOT']}: run `manage.py collectstatic` first.\n")


def refusal(container: dict[str, str], free_port: int) -> str:
    """The output of the web service, which must not start. It has to be a sentence."""
    at = {"GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{free_port}"}
    result = subprocess.run(
        SERVICES["web"]["command"],
        cwd=BASE_DIR,
        env=container | at,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    return result.stderr
