"""gunicorn as in production, on loopback, over the database of the tests."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).parents[1]
WAIT_SECONDS = 30


def database_url() -> str:
    """The address of the tests' database, as another process needs it."""
    found = connection.get_connection_params()
    login = f"{found['user']}:{quote(found.get('password') or '', safe='')}"
    return f"postgres://{login}@{quote(found['host'], safe='')}:{found.get('port') or 5432}/{found['dbname']}"


@dataclass
class Served:
    """A running server. Requests say in their Host header for which site they are."""

    port: int
    process: subprocess.Popen[str]

    def get(self, path: str, *, host: str = "localhost", **headers: str) -> tuple[HTTPResponse, str]:
        browser = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            browser.request("GET", path, headers={"Host": host, **names})
            response = browser.getresponse()
            return response, response.read().decode()
        finally:
            browser.close()


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """Of a process that works on the tests' database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BASE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost,.localhost",
        "DATABASE_URL": database_url(),
        "TMPDIR": str(folder),
        **variables,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, *, processes: int = 1, **variables: str) -> Iterator[Served]:
    """Serve until the end of the block, with the product's own settings for gunicorn."""
    port = free_port()
    mine = environment(folder, PORT=str(port), WEB_CONCURRENCY=str(processes), **variables)
    options = ["--config", "python:config.gunicorn", "--access-logfile", f"{folder}/access"]
    command = [sys.executable, "-m", "gunicorn", *options, "config.wsgi"]
    process = subprocess.Popen(command, cwd=ROOT, env=mine, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        booted = 0
        for line in process.stderr:
            booted += "Booting worker" in line
            if booted == processes:
                break
        assert booted == processes, "gunicorn did not start"
        yield Served(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=WAIT_SECONDS)
