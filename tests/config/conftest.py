"""A folder for each test that starts servers, and commands as a person starts them."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.bundled.server import Server

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ("BASE_URL", "BUNDLED_DATA", "DATABASE_URL", "DEBUG", "ENVIRONMENT", "PORT", "SECRET_KEY")
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder. Not pytest's own: the server's account has to get through the folders above."""
    with tempfile.TemporaryDirectory(prefix="tenantry-test-") as name:
        yield Path(name).resolve()


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A bundled server on new data; not started, and stopped after the test."""
    monkeypatch.setenv("BUNDLED_OPTIONS", FAST)
    server = Server(folder / "postgres")
    yield server
    server.stop()


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    """An environment without settings, with all data in `folder`."""
    inherited = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    return inherited | {
        "BUNDLED_DATA": str(folder / "postgres"),
        "BUNDLED_OPTIONS": FAST,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MAILBOX_DIR": str(folder / "mail"),
        "MEDIA_ROOT": str(folder / "media"),
    }


@pytest.fixture
def run_command(environment: dict[str, str]) -> Run:
    """Run Python with these arguments to its end: `run_command("manage.py", "migrate", DATABASE_URL=…)`."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def free_port() -> int:
    """A port on which no program listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def assert_sentence(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Assert that the command failed with one sentence that contains these words."""
    assert result.returncode not in (0, None)
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    for word in words:
        assert word in result.stderr
