"""The product without capabilities: `python -m tests.without [names]`.

Each is taken out by itself, and all together: the product is checked, and migrated on a fresh database. Then the suite
of what is left runs without all of them, and without groups of them. The groups are such that, of any two capabilities,
one run has the second and not the first, unless it requires that one. So whatever needs a capability that can be taken
out fails in some run. One by one, which is `--each`, there are four times as many runs, each twice as long.

As many run at once as there are processors. `--checks-only` needs no database; `--two` takes two of the runs, others
each day. What runs can be read in var/without.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
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


Command = tuple[list[str], dict[str, str]]  # for Python, with what it needs in its environment


@dataclass(frozen=True)
class Run:
    """The product without these capabilities."""

    name: str
    gone: frozenset[str]
    commands: Callable[["Run"], Iterator[Command]]
    marked: str = "not browser"


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: float
    failure: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"a capability, or {ALL!r}")
    parser.add_argument("--checks-only", action="store_true")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--two", action="store_true")
    options = parser.parse_args()
    every = [ALL, *CAPABILITIES]  # the longest first
    if unknown := sorted(set(options.names) - set(every)):
        parser.error(f"{', '.join(unknown)}: there are {', '.join(every)}.")
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for outcome in pool.map(without, runs(options)):
            failed |= bool(outcome.failure)
            say(
                f"{outcome.failure}without {outcome.name:<24} {'FAILED' if outcome.failure else 'ok':<6}"
                f" {outcome.seconds:6.1f} s"
            )
    return failed


def runs(options: argparse.Namespace) -> list[Run]:
    """What the options ask for."""
    each = [Run(name, taken_out(name), checks) for name in options.names or [ALL, *CAPABILITIES]]
    if options.checks_only:
        return todays_two(each) if options.two else each
    if options.names or options.each:
        return [replace(run, commands=everything, marked="" if options.names else run.marked) for run in each]
    together = [Run(f"group {number}", gone, everything) for number, gone in enumerate(groups(), 1)]
    together[-1] = replace(together[-1], marked="")  # the browser's tests once, without as few as possible
    suites = [replace(each[0], commands=everything), *together]
    return todays_two(suites) if options.two else [*(replace(run, commands=migrations) for run in each[1:]), *suites]


def todays_two(every: list[Run]) -> list[Run]:
    day = datetime.now(UTC).toordinal()
    return [every[(2 * day + number) % len(every)] for number in range(2)]


def taken_out(name: str) -> frozenset[str]:
    """The capabilities that go: all, or this one and those that require it."""
    gone = set(CAPABILITIES) if name == ALL else {name}
    while more := {each for each in CAPABILITIES if each not in gone and gone & set(find(each).requires)}:
        gone |= more
    return frozenset(gone)


def groups() -> list[frozenset[str]]:
    """Capabilities to take out together: any one is out in some group that leaves any other one in.

    Each group is made larger as long as more pairs of one that is out and one that is in are new.
    """
    with_those = {name: taken_out(name) for name in CAPABILITIES}
    # Those that are left, each with the others that were not yet out beside it.
    new = {left: {out for out in CAPABILITIES if left not in with_those[out]} for left in CAPABILITIES}
    found = []
    while any(new.values()):
        group: frozenset[str] = frozenset()
        while True:
            larger = max((group | more for more in with_those.values()), key=partial(shown, new))
            if shown(new, larger) <= shown(new, group):
                break
            group = larger
        found.append(group)
        new = {left: outs if left in group else outs - group for left, outs in new.items()}
    return found


def shown(new: dict[str, set[str]], group: frozenset[str]) -> int:
    """How many new pairs this group shows: one is out, the other is left."""
    return sum(len(outs & group) for left, outs in new.items() if left not in group)


def checks(_run: Run) -> Iterator[Command]:
    yield ["-c", CHECKS], NOWHERE


def migrations(_run: Run) -> Iterator[Command]:
    for command in (["check"], ["migrate"], ["makemigrations", "--check", "--dry-run"]):
        yield ["manage.py", *command], {"BUNDLED_DATA": "product"}


def everything(run: Run) -> Iterator[Command]:
    yield from migrations(run)
    ignored = [f"--ignore={folder}" for folder in [LOCKS, *([] if run.name == ALL else BELOW)]]
    yield ["-m", "pytest", "-q", "-p", "no:cacheprovider", *ignored, "-m", run.marked], {"BUNDLED_DATA": "tests"}


def without(run: Run) -> Outcome:
    """Run the commands until one fails, with data of their own."""
    began, log = time.monotonic(), log_of(run.name)
    # Not below var/, since the name of PostgreSQL's socket may have no more than 107 bytes.
    with tempfile.TemporaryDirectory(prefix="without-", ignore_cleanup_errors=True) as folder:
        for arguments, more in run.commands(run):
            if execute(arguments, environment(run, Path(folder), more), log):
                return Outcome(run.name, time.monotonic() - began, f"{' '.join(arguments)}\n{log.read_text()}\n")
    return Outcome(run.name, time.monotonic() - began)


def environment(run: Run, folder: Path, more: dict[str, str]) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "tests.settings" if more.get("BUNDLED_DATA") == "tests" else "config.settings",
        "TAKEN_OUT": ",".join(sorted(run.gone)),
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
    return folder / f"{name.replace(' ', '-')}.log"


def execute(arguments: list[str], environment: dict[str, str], log: Path) -> int:
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
