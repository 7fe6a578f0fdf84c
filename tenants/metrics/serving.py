"""What gunicorn's processes share: a folder of files that all of them write their figures to.

https://prometheus.github.io/client_python/multiprocess/

Files are named by the number of a process's place, not by its id: the process that replaces another one counts on in
its files. Otherwise a server whose processes restart after each 10,000 requests would collect files without end, and
each scrape reads all of them.
"""

import os
import shutil
from tempfile import mkdtemp

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's name for it

_place = 0


def place() -> int:
    """The number of this process's place, among the server's processes."""
    return _place


def on_starting() -> None:
    """In the main process, before there is any other: make the folder. It is new, as files of earlier processes would
    be counted again.
    """
    os.environ[FOLDER] = mkdtemp(prefix="metrics-")


def post_fork(number: int) -> None:
    """In a new process."""
    global _place  # noqa: PLW0603  a fact of the process
    _place = number


def child_exit(number: int) -> None:
    """In the main process: what an ended process was doing is not going on any more."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(number)


def on_exit() -> None:
    """In the main process, at its end."""
    shutil.rmtree(os.environ.pop(FOLDER, ""), ignore_errors=True)
