"""Counts the processes that use the bundled server: each holds a lease, and the last one to return it stops the server.

A lease is a shared lock on a file: the system releases it when a process is killed, so none becomes stale.
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

from config import brand
from config.bundled.server import Server, product_of
from config.database import BUNDLED_NAME, DatabaseUnavailable

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_servers: dict[Path, Server] = {}
_threads = threading.Lock()


def data_folder() -> Path:
    """The bundled server's data folder: BUNDLED_DATA, or var/postgres.

    If that is of a product of another name, as after `make rename`, it is var/postgres-<SLUG>. Two products cannot
    share a server: the template's role would be the other's.
    """
    if given := os.environ.get("BUNDLED_DATA"):
        return (BASE_DIR / given).resolve()
    folder = (BASE_DIR / "var" / "postgres").resolve()
    is_ours = product_of(folder) in (None, brand.SLUG)
    return folder if is_ours else folder.with_name(f"{folder.name}-{brand.SLUG}")


def running_server(data: Path) -> Server:
    """The server on `data`, which keeps running at least until this process ends. Raises DatabaseUnavailable."""
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
    """Return the lease by closing the file, not unlocking it: a forked process must not release its parent's lease."""
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
    """Ensure that only one process at a time starts or stops the server."""
    held = _lock(data.with_name(f"{data.name}.lock"), fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(held)


def _lease_file(data: Path) -> Path:
    return data.with_name(f"{data.name}.users")


def _lock(path: Path, kind: int) -> int:
    """An open file with that lock. Raises BlockingIOError if `kind` forbids waiting and the lock is taken."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, kind)
    except OSError:
        os.close(file)
        raise
    return file
