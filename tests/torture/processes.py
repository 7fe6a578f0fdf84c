"""What is killed: the web server's worker, a command, PostgreSQL."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import psutil

from config.bundled.server import Server
from tests.bench.processes import BASE_DIR, WebServer, end

SECONDS = 30


class TortureFailed(Exception):
    """Why the torture cannot go on, in a sentence."""


class Running(Protocol):
    """Work under way, in the process `pid`."""

    pid: int

    def is_over(self) -> bool: ...

    def wait(self) -> None: ...


class Nursery:
    """The process that forks commands (tests/torture/nursery.py)."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.nursery"],
                cwd=BASE_DIR,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )

    def ask(self, **order: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline() or "null")

    def begin(self, *arguments: str) -> "Command":
        return Command(self, self.ask(begin=arguments))

    def close(self) -> None:
        end(self.process)


class Command:
    """A command of manage.py, in a process of its own."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.nursery, self.pid = nursery, pid
        self.status: int | None = None

    def is_over(self) -> bool:
        if self.status is None:
            self.status = self.nursery.ask(pid=self.pid, wait=False)
        return self.status is not None

    def wait(self) -> None:
        if self.status is None:
            self.status = self.nursery.ask(pid=self.pid, wait=True)


class Answer:
    """What a web server said, or that it said nothing."""

    def __init__(self, status: int = 0, location: str = "", text: str = "") -> None:
        self.status, self.location, self.text = status, location, text


class Click:
    """One request to the web server, under way."""

    def __init__(self, web: WebServer, pid: int, *request: Any) -> None:
        self.pid = pid
        self.answer = Answer()
        self._thread = threading.Thread(target=self._run, args=(web.port, *request))
        self._thread.start()

    def _run(self, port: int, host: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        try:
            connection.request("GET" if body is None else "POST", path, body, {"Host": host, **headers})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            self.answer = Answer(response.status, response.headers.get("Location", ""), text)
        except (OSError, http.client.HTTPException):
            return  # Killed: no answer is what the torture is about.
        finally:
            connection.close()

    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def wait(self) -> None:
        self._thread.join()


@contextmanager
def workers(environment: Mapping[str, str], folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """One process for urgent jobs, and one for all others, as in production."""
    started = []
    try:
        for name, lanes in (("urgent", ["urgent"]), ("others", ["--without", "urgent"])):
            with (folder / f"{name}.log").open("ab") as log:
                command = [sys.executable, "manage.py", "work", *lanes]
                started.append(subprocess.Popen(command, cwd=BASE_DIR, env=environment, stdout=log, stderr=log))
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker.wait()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def worker_of(web: WebServer, *, not_this: int = 0) -> int:
    """The process that answers, once there is a new one after the killed one."""
    deadline = time.monotonic() + SECONDS
    (gunicorn,) = psutil.Process(web.process.pid).children()
    while time.monotonic() < deadline:
        if workers := [each.pid for each in gunicorn.children() if each.pid != not_this]:
            return int(workers[-1])
        time.sleep(0.005)
    raise TortureFailed("gunicorn started no new worker.")


def postgres_family(server: Server) -> list[psutil.Process]:
    """The server's processes. Looked for before they are to be killed: it takes longer than many an operation."""
    postmaster = psutil.Process(int(server.pid_file.path.read_text().partition("\n")[0]))
    return [postmaster, *postmaster.children(recursive=True)]


def kill_postgres(family: list[psutil.Process]) -> None:
    """Kill the server and its processes, as the system does when memory is short, or a container is killed.

    Those that were started since see that it is gone, and end.
    """
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=SECONDS)
