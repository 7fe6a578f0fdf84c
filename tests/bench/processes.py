"""Processes of the bench's own: they are bounded in time, and ended, all of them and no others."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any

import psutil

from tests.bench.load import Request, Result

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# More than anything here takes, even thousands of organisations with plain django-tenants.
LIMIT_SECONDS = 3600
# More than tests/bench/leash.py gives its program.
END_SECONDS = 40


class BenchFailed(Exception):
    """Why there is no result, in a sentence, with the last lines of the process that failed."""


class Inside:
    """The process of one contestant (tests/bench/inside.py), asked from here."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.inside"],
                cwd=BASE_DIR,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )

    def tell(self, do: str, **arguments: Any) -> None:
        """Have its contestant begin something."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # hear() tells why
            self.process.stdin.write(json.dumps({"do": do, **arguments}).encode() + b"\n")
            self.process.stdin.flush()

    def hear(self) -> Any:
        """What came of it. Raises BenchFailed if nothing did."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], LIMIT_SECONDS)
        answer = self.process.stdout.readline() if ready else b""
        if not answer:
            raise BenchFailed(f"{self.name} failed:\n{tail(self.log)}")
        return json.loads(answer)

    def close(self) -> None:
        end(self.process)


def run_to_its_end(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> float:
    """Seconds that a program takes from start to end. Raises BenchFailed if it fails, or does not end."""
    with log.open("ab") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        # With a time limit, wait() looks only every 50 ms.
        limit = Timer(LIMIT_SECONDS, process.kill)
        limit.start()
        try:
            status = process.wait()
            seconds = time.perf_counter() - began
        finally:
            limit.cancel()
            end(process)
    if status:
        raise BenchFailed(f"{' '.join(arguments)} ended with status {status}:\n{tail(log)}")
    return seconds


class WebServer:
    """gunicorn with one worker, on a loopback port of its own."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def load(self, requests: list[Request], connections: int, **options: Any) -> Result:
        """Ask for these pages from another process."""
        plan = json.dumps({"port": self.port, "requests": requests, "connections": connections, **options})
        generator = subprocess.run(
            [sys.executable, "-m", "tests.bench.load"],
            input=plan,
            capture_output=True,
            text=True,
            cwd=BASE_DIR,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        if generator.returncode:
            raise BenchFailed(f"{generator.stderr[-1000:]}\nThe server's log:\n{tail(self.log)}")
        result: Result = json.loads(generator.stdout)
        return result

    @property
    def worker(self) -> int:
        """The process that answers: gunicorn's only child, which is the leash's only grandchild."""
        (gunicorn,) = psutil.Process(self.process.pid).children()
        (worker,) = gunicorn.children()
        return int(worker.pid)


BY_THREADS = ("gthread", "config.wsgi")
BY_UVICORN = ("config.asgi_worker.Worker", "config.asgi")


@contextmanager
def serving(
    environment: Mapping[str, str], threads: int, log: Path, way: tuple[str, str] = BY_THREADS
) -> Iterator[WebServer]:
    """The web server as in production, with one worker that is never renewed: its class, and the application."""
    port = free_port()
    command = ["-m", "gunicorn", "--config", "python:config.gunicorn", "--bind", f"127.0.0.1:{port}"]
    worker_class, application = way
    options = ["--workers=1", f"--worker-class={worker_class}", f"--threads={threads}", "--max-requests=0"]
    with leashed([*command, *options, application], environment, log) as process:
        wait_for(port, process, log)
        yield WebServer(port, process, log)


@contextmanager
def leashed(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs until the block ends, or the bench does."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.leash", sys.executable, *arguments],
            cwd=BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when gunicorn listens. It does before its worker is up: the first request waits for that."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise BenchFailed(f"The web server did not start:\n{tail(log)}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: subprocess.Popen[bytes]) -> None:
    """Close its input, which ends our programs; then kill what is left of its session after a while."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-30:])
