"""`make run`: database, demo, web server and workers in one process tree, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from environs import EnvError

from config.health import is_healthy

BASE_DIR = Path(__file__).resolve().parent.parent
ADDRESS = "127.0.0.1"
ANSWER_SECONDS = 60
END_SECONDS = 5
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Children = dict[str, subprocess.Popen[bytes]]


class CannotRun(Exception):
    """It cannot start or continue. The message is a sentence for the developer."""


def main() -> int:
    """Run until a signal or a failure. Returns the exit status: 0 after a signal, 1 after a failure."""
    for number in SIGNALS:
        signal.signal(number, interrupt)
    children: Children = {}
    try:
        port = free_port(os.environ.get("PORT", "8000"))
        prepare()
        start(children, port)
        wait_until_healthy(children, port)
        announce(port)
        watch(children)
    except KeyboardInterrupt:
        return 0
    except (CannotRun, CommandError, EnvError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        end(children)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat every signal in SIGNALS like Ctrl-C."""
    raise KeyboardInterrupt


def free_port(wanted: str) -> int:
    """The port as a number. Raises CannotRun if it is invalid or in use."""
    if not wanted.isdecimal() or not 0 < int(wanted) < 2**16:
        raise CannotRun(f"PORT is {wanted!r}. It has to be a number from 1 to {2**16 - 1}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, int(wanted)))
        except OSError as error:
            raise CannotRun(
                f"Port {wanted} cannot be used: {error.strerror}. Try PORT={int(wanted) + 1} make run"
            ) from error
    return int(wanted)


def prepare() -> None:
    """Start the database, migrate it, and call the apps' `before_run` functions."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, connections

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from shared.capabilities.registry import call

    if not settings.DEBUG:
        raise CannotRun("`make run` is for development, and DEBUG is off. docker-compose.yml is for production.")
    if settings.PSEUDO_LOCALE:
        from shared import pseudo

        pseudo.write()
    say("Starting the database …")
    connection.ensure_connection()
    say("Bringing it up to date …")
    call_command("migrate", verbosity=0)
    call("before_run")
    connections.close_all()


def start(children: Children, port: int) -> None:
    """Start web server and worker, each in its own session: Ctrl-C is for this process, which ends them."""
    # Reload on changes only in a developer's terminal: a program that runs this does not expect restarts.
    reload = [] if sys.stdout.isatty() else ["--noreload"]
    if reload:
        say("This is not a terminal, so the web server does not reload changed code. Restart it after changes.")
    commands = {
        # The checks import every page, and the web server runs them.
        "worker of urgent jobs": ["work", "urgent", "--skip-checks"],
        "worker": ["work", "--without", "urgent", "--skip-checks"],
        "web server": ["runserver", *reload, f"{ADDRESS}:{port}"],
    }
    for name, arguments in commands.items():
        children[name] = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            # Only warnings, so that workers' routine messages do not mix with the web server's log.
            env={"LOG_LEVEL": "WARNING"}
            | os.environ
            | {"PYTHONUNBUFFERED": "1", "DJANGO_RUNSERVER_HIDE_WARNING": "true"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def wait_until_healthy(children: Children, port: int) -> None:
    """Wait until the web server is healthy. Raises CannotRun if it does not become so, or a child ends."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while not is_healthy(ADDRESS, port, "localhost"):
        check(children)
        if time.monotonic() > deadline:
            raise CannotRun(f"The web server did not answer on port {port} within {ANSWER_SECONDS} seconds.")
        time.sleep(0.1)


def announce(port: int) -> None:
    """Print all addresses; the last line begins with Ready."""
    from django.conf import settings

    from shared.capabilities.registry import call

    base = f"http://{settings.BASE_DOMAIN}:{port}/"
    lines = [(settings.BRAND["NAME"], base), *(line for lines in call("announce", base) for line in lines)]
    say("")
    for name, what in lines:
        say(f"  {name:<14} {what}")
    say("\nReady. Ctrl-C ends it.")


def watch(children: Children) -> NoReturn:
    """Wait until a child ends by itself, and raise CannotRun."""
    while True:
        check(children)
        time.sleep(0.2)


def check(children: Children) -> None:
    """Raises CannotRun if a child has ended."""
    for name, child in children.items():
        if child.poll() is not None:
            raise CannotRun(f"The {name} ended by itself, with status {child.returncode}; its last lines are above.")


def end(children: Children) -> None:
    """Ask the children to end, and kill those that have not, with their own child processes.

    Only the children are asked: a worker whose pg_dump ended by a signal would report a failed job.
    """
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + END_SECONDS
    for child in children.values():
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
    for child in children.values():
        kill_group(child)
        child.wait()


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child's whole process group, if it still exists."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def say(line: str) -> None:
    """Print a line without buffering."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
