"""Who uses the bundled server: each process holds a lease, and the last one to return its lease stops it.

A lease is a shared lock on a file: the system takes it back from a killed process, so none is ever stale.
"""

import atexit
import fcntl
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.bundled.server import Server
from config.database import BUNDLED_NAME, DatabaseUnavailable

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_servers: dict[Path, Server] = {}
_threads = threading.Lock()


def data_folder() -> Path:
    """Where the bundled server keeps its data: BUNDLED_DATA, else var/postgres."""
    return (BASE_DIR / os.environ.get("BUNDLED_DATA", "var/postgres")).resolve()


def running_server(data: Path) -> Server:
    """The server on `data`, which runs at least until this process ends. Raises DatabaseUnavailable."""
    with _threads:
        if data not in _servers:
            _servers[data] = _take(data)
        return _servers[data]


def _take(data: Path) -> Server:
    server = Server(data)
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        with _alone(data):
            lease = _lock(_lease_file(data), fcntl.LOCK_SH)
            atexit.register(_give_back, server, lease)
            server.ensure_running()
            server.ensure_database(BUNDLED_NAME)
    except (OSError, psycopg.Error, subprocess.SubprocessError) as error:
        raise DatabaseUnavailable(f"The bundled PostgreSQL cannot use {data}: {error}.") from error
    return server


def _give_back(server: Server, lease: int) -> None:
    """Closing is not unlocking: where this process was forked, its parent's lease stays."""
    with _alone(server.data):
        os.close(lease)
        try:
            last = _lock(_lease_file(server.data), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        try:
            server.stop()
        finally:
            os.close(last)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server."""
    held = _lock(data.with_name(f"{data.name}.lock"), fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(held)


def _lease_file(data: Path) -> Path:
    return data.with_name(f"{data.name}.users")


def _lock(path: Path, kind: int) -> int:
    """An open file with that lock. Raises BlockingIOError if it must not wait and would have to."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, kind)
    except OSError:
        os.close(file)
        raise
    return file
