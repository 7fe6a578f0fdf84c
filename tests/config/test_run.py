"""`make run`: from an empty folder to Ready, and to the end of all processes."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.apps import apps

from config.bundled.server import Server
from config.database import BUNDLED_NAME
from config.health import is_healthy
from tests.config.conftest import BASE_DIR, Run, assert_sentence
from tests.daily import part_each_day
from tests.processes import lives

Started = subprocess.Popen[str]


@pytest.fixture
def start(environment: dict[str, str], folder: Path, free_port: int) -> Iterator[Callable[[], Started]]:
    """Start everything on a free port. What is still there after the test is killed."""
    started: list[Started] = []

    def start() -> Started:
        with (folder / "stderr").open("w") as errors:
            run = subprocess.Popen(
                [sys.executable, "-m", "config.run"],
                cwd=BASE_DIR,
                env=environment | {"PORT": str(free_port)},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        started.append(run)
        return run

    yield start
    for run in started:
        for process in [*tree(run), run]:
            process.kill()
        run.communicate()


def until_ready(run: Started) -> list[str]:
    """The lines up to the one that begins with Ready."""
    lines: list[str] = []
    assert run.stdout
    for line in run.stdout:
        lines.append(line.strip())
        if line.startswith("Ready"):
            return lines
    raise AssertionError("\n".join(lines))


def tree(run: Started) -> list[psutil.Process]:
    """All processes that it has started and that live."""
    try:
        return psutil.Process(run.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def child(run: Started, name: str) -> psutil.Process:
    """The first process of its tree that was started with this word."""
    return next(process for process in tree(run) if name in process.cmdline())


def slugs(server: Server) -> list[str]:
    with psycopg.connect(**server.parameters(BUNDLED_NAME)) as connection:
        rows = connection.execute("SELECT slug FROM tenants_tenant WHERE state = 'active' ORDER BY slug")
        return [row[0] for row in rows]


@pytest.mark.slow  # The tests in a browser start and end the product in this way too.
def test_it_starts_with_nothing_and_leaves_nothing_running(
    start: Callable[[], Started], server: Server, free_port: int
) -> None:
    run = start()
    said = "\n".join(until_ready(run))
    assert f"http://localhost:{free_port}/" in said
    assert "the web server does not reload changed code" in said
    assert is_healthy("127.0.0.1", free_port, "localhost")
    made = slugs(server)
    if apps.is_installed("profiles.demo"):
        assert made == ["acme", "globex"]
        assert "demo-password" in said
        for slug in made:
            assert f"http://{slug}.localhost:{free_port}/" in said
            assert {f"{person}@{slug}.example" in said for person in ("owner", "admin", "editor", "reader")} == {True}
    processes = tree(run)
    assert len(processes) >= 3  # the workers and the web server

    run.send_signal(signal.SIGINT)
    assert run.wait(20) == 0
    assert not [process for process in processes if lives(process)]
    assert not server.answers()


@pytest.mark.slow
def test_it_starts_again_with_what_is_there_and_a_signal_ends_it_too(
    start: Callable[[], Started], run_command: Run, server: Server
) -> None:
    run = start()
    until_ready(run)
    made = slugs(server)
    run.send_signal(signal.SIGINT)
    assert run.wait(20) == 0
    again = start()
    until_ready(again)
    assert slugs(server) == made
    assert run_command("manage.py", "check", "--database", "default").returncode == 0
    assert server.answers()  # another user of it has come and gone
    again.send_signal(signal.SIGTERM)
    assert again.wait(20) == 0
    assert not server.answers()


@pytest.mark.slow
def test_it_ends_with_a_sentence_when_a_part_of_it_ends(
    start: Callable[[], Started], server: Server, folder: Path
) -> None:
    for name in ("urgent", "runserver"):  # a worker and the web server
        run = start()
        until_ready(run)
        processes = tree(run)
        child(run, name).kill()
        assert run.wait(20) == 1
        said = (folder / "stderr").read_text()
        assert "ended by itself" in said
        assert "Traceback" not in said
        assert not [process for process in processes if lives(process)]
        assert not server.answers()


def test_port_in_use_is_said(run_command: Run, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_sentence(run_command("-m", "config.run", PORT=str(port)), f"Port {port}", "in use", f"PORT={port + 1}")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("port", part_each_day(["http", "0", "65536", "-1", ""]))
def test_port_that_is_none_is_said(run_command: Run, port: str) -> None:
    assert_sentence(run_command("-m", "config.run", PORT=port), "PORT", repr(port))


@pytest.mark.slow
def test_folder_that_cannot_be_written_is_said(run_command: Run, folder: Path, free_port: int) -> None:
    (folder / "file").touch()
    result = run_command("-m", "config.run", PORT=str(free_port), BUNDLED_DATA=str(folder / "file" / "postgres"))
    assert_sentence(result, str(folder / "file"))


def test_unreachable_database_is_said(run_command: Run, free_port: int) -> None:
    url = f"postgres://ada:s3cret@127.0.0.1:{free_port}/shop"
    result = run_command("-m", "config.run", PORT=str(free_port), DATABASE_URL=url)
    assert_sentence(result, f"127.0.0.1:{free_port}")
    assert "s3cret" not in result.stderr + result.stdout


@pytest.mark.slow
def test_production_is_refused(run_command: Run, free_port: int) -> None:
    assert_sentence(run_command("-m", "config.run", PORT=str(free_port), DEBUG="0"), "development")
