"""A process that has Django loaded, and forks one for each command: starting Python would take longer than the work.

Reads a line of JSON for each order: a command line to begin, or the number of a process to look at or wait for.
"""

import json
import os
import sys
from typing import Any, NoReturn

import django
from django.core.management import execute_from_command_line


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    django.setup()
    for line in sys.stdin:
        answers.write(json.dumps(obey(json.loads(line))) + "\n")


def obey(order: dict[str, Any]) -> int | None:
    """The number of the new process, or the status of one that has ended, or None if it has not."""
    if "begin" in order:
        return os.fork() or run(order["begin"])
    pid, status = os.waitpid(order["pid"], 0 if order["wait"] else os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def run(arguments: list[str]) -> NoReturn:
    """In the new process: what `manage.py` would do."""
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
        execute_from_command_line(["manage.py", *arguments])
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
