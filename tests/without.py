"""The product without a capability, for each of them and without all: `python -m tests.without [names]`.

Each is checked, migrated on a fresh database, and tested by the suite of what is left, as many at once as there are
processors. What lies below every capability is tested without all of them, and not once more without each.
`--checks-only` needs no database; `--two` takes two of them, others each day. What runs can be read in var/without.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.settings import CAPABILITIES
from shared.capabilities.loading import find

ROOT = Path(__file__).parent.parent
ALL = "all"
CHECKS = """
import django
from django.core.management import call_command
django.setup()
call_command("check")
call_command("makemigrations", check_changes=True, dry_run=True)
"""
# What knows no capability: tests/architecture holds that. The tests of the locks know none either.
BELOW = [
    f"tests/tenants/{room}" for room in ("addresses", "backend", "isolation", "limits", "once", "schemas", "serving")
]
BELOW.append("tests/config")
LOCKS = "tests/install"
# No one listens there: `makemigrations` warns that it cannot look which migrations have been applied.
NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PYTHONWARNINGS": "ignore::RuntimeWarning"}


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: float
    failure: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"a capability, or {ALL!r}")
    parser.add_argument("--checks-only", action="store_true")
    parser.add_argument("--two", action="store_true")
    options = parser.parse_args()
    every = [ALL, *CAPABILITIES]  # the longest first
    if unknown := sorted(set(options.names) - set(every)):
        parser.error(f"{', '.join(unknown)}: there are {', '.join(every)}.")
    names = options.names or (todays_two(every) if options.two else every)
    run = checks if options.checks_only else everything
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for outcome in pool.map(lambda name: without(name, run(name, in_browser=name == names[0])), names):
            failed |= bool(outcome.failure)
            say(
                f"{outcome.failure}without {outcome.name:<24} {'FAILED' if outcome.failure else 'ok':<6}"
                f" {outcome.seconds:6.1f} s"
            )
    return failed


def todays_two(names: list[str]) -> list[str]:
    day = datetime.now(UTC).toordinal()
    return [names[(2 * day + number) % len(names)] for number in range(2)]


def taken_out(name: str) -> list[str]:
    """The capabilities that go: all, or this one and those that require it."""
    gone = set(CAPABILITIES) if name == ALL else {name}
    while more := {each for each in CAPABILITIES if each not in gone and gone & set(find(each).requires)}:
        gone |= more
    return sorted(gone)


def checks(_name: str, **_options: bool) -> Iterator[tuple[list[str], dict[str, str]]]:
    yield ["-c", CHECKS], NOWHERE


def everything(name: str, *, in_browser: bool) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Commands for Python, each with what it needs in its environment."""
    for command in (["check"], ["migrate"], ["makemigrations", "--check", "--dry-run"]):
        yield ["manage.py", *command], {"BUNDLED_DATA": "product"}
    marked = [] if in_browser else ["-m", "not browser"]
    ignored = [f"--ignore={folder}" for folder in [LOCKS, *([] if name == ALL else BELOW)]]
    yield ["-m", "pytest", "-q", "-p", "no:cacheprovider", *ignored, *marked], {"BUNDLED_DATA": "tests"}


def without(name: str, commands: Iterator[tuple[list[str], dict[str, str]]]) -> Outcome:
    """Run the commands until one fails, with data of their own."""
    began, log = time.monotonic(), log_of(name)
    # Not below var/, since the name of PostgreSQL's socket may have no more than 107 bytes.
    with tempfile.TemporaryDirectory(prefix="without-", ignore_cleanup_errors=True) as folder:
        for arguments, more in commands:
            if run(arguments, environment(name, Path(folder), more), log):
                return Outcome(name, time.monotonic() - began, f"{' '.join(arguments)}\n{log.read_text()}\n")
    return Outcome(name, time.monotonic() - began)


def environment(name: str, folder: Path, more: dict[str, str]) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "tests.settings" if more.get("BUNDLED_DATA") == "tests" else "config.settings",
        "TAKEN_OUT": ",".join(taken_out(name)),
        "BUNDLED_OPTIONS": "-c fsync=off -c synchronous_commit=off -c full_page_writes=off",
        "MEDIA_ROOT": str(folder / "media"),
        "MAILBOX_DIR": str(folder / "mail"),
        **more,
        **({"BUNDLED_DATA": str(folder / more["BUNDLED_DATA"])} if "BUNDLED_DATA" in more else {}),
    }


def log_of(name: str) -> Path:
    """What its last command says: to be read while it runs."""
    folder = ROOT / "var" / "without"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def run(arguments: list[str], environment: dict[str, str], log: Path) -> int:
    """The exit status."""
    with log.open("wb") as output:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  a command talks to its terminal


if __name__ == "__main__":
    sys.exit(main())
