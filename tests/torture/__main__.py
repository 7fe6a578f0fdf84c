"""The command line: `python -m tests.torture`, or `make torture`."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from math import inf
from random import Random, SystemRandom
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

# Before anything asks where the data is, and starts a server there. What is killed are processes, not the machine:
# what they have written, the system still has.
os.environ.setdefault("BUNDLED_DATA", "var/torture-postgres")
os.environ.setdefault("BUNDLED_OPTIONS", "-c fsync=off")

import django

from tests.bench.processes import BenchFailed
from tests.torture.arena import Arena
from tests.torture.attackers import __main__ as attackers
from tests.torture.processes import TortureFailed

if TYPE_CHECKING:
    from tests.torture.outages import Outage

VICTIMS = ("process", "PostgreSQL")
PARTS = ("kills", "races", "rules", "outages", "crowds", "bombs", "moves", "fields", "deploys", "attackers")
# The attackers need minutes.
QUICK_PARTS = PARTS[:-1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do it, and print what came of it. Returns 1 if anything was found, or it could not go on."""
    options = parser().parse_args(arguments)
    parts = options.only or (QUICK_PARTS if options.quick else PARTS)
    signal.signal(signal.SIGTERM, interrupt)
    seed = options.seed if options.seed is not None else SystemRandom().randrange(10**6)
    sys.stdout.write(f"Seed {seed}: `--seed {seed}` draws the same.\n")
    try:
        status = 0
        if set(parts) != {"attackers"}:
            with ExitStack() as stack:
                status = run(Arena(stack), parts, options, Random(seed))  # noqa: S311  chance that can be repeated
        return attackers.main(["--quick"] * options.quick) or status if "attackers" in parts else status
    except KeyboardInterrupt:
        return 130
    except (TortureFailed, BenchFailed) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="make torture ARGS=…", description=f"{', '.join(PARTS)}.")
    made.add_argument("--quick", action="store_true", help="about ten minutes")
    made.add_argument("--points", type=int, metavar="N", help="kills of each victim in each operation (100; quick: 2)")
    made.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of: {', '.join(PARTS)}")
    made.add_argument("--during", nargs="+", default=[""], metavar="WORD", help="of the kills: only these operations")
    made.add_argument(
        "--victims", nargs="+", choices=VICTIMS, default=VICTIMS, help="of the kills: the doer, or the database"
    )
    made.add_argument("--seed", type=int, metavar="N")
    return made


def run(arena: Arena, parts: Sequence[str], options: argparse.Namespace, random: Random) -> int:
    """The parts that are asked for. Returns the exit status."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from tests.torture import bombs, crowds, deploys, kills, moves, outages, races, rules
    from tests.torture.report import Report

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    began, report = time.monotonic(), Report()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:5.0f} s  {what} …\n")

    try:
        if "races" in parts:
            report.races(races.race(60 if options.quick else 1000, say))
        if "rules" in parts:
            report.rules(rules.play(6 if options.quick else 210, random.randrange(10**6), say))
        if "outages" in parts:
            report.outages(outages.play(arena, random, 4 if options.quick else 12, say))
        if {"bombs", "crowds", "kills"} & set(parts):
            arena.serve()
            report.outages(crowds.play(arena, say) if "crowds" in parts else [])
            profiles, *others = bombs.BOMBS  # A picture's profile is what a stranger can make dearest.
            kinds = [profiles, random.choice(others)] if options.quick else bombs.BOMBS
            report.bombs(bombs.explode(arena, kinds, say) if "bombs" in parts else [])
        if "kills" in parts:
            points = options.points or (2 if options.quick else 100)
            report.kills(kills.torture(arena, random, points, during=options.during, victims=options.victims, say=say))
        members, files = (5_000, 50) if options.quick else (100_000, 10_000)
        report.outages(moves.play(arena, random, members, files, say) if "moves" in parts else [])
        report.outages(with_fields(arena, random, members, say) if "fields" in parts else [])
        if "deploys" in parts:  # Last: it leaves the database as the next release has it.
            organisations, seconds = (20, 3) if options.quick else (200, 5)
            report.deploy(deploys.deploy(arena, organisations, seconds, random, say))
        return report.close()
    finally:
        # At its end this process would write down what organisations cost, and their database is dropped before.
        settings.COSTS_WRITE_SECONDS = inf
        connections.close_all()


def with_fields(arena: Arena, random: Random, members: int, say: Callable[[str], None]) -> "Iterable[Outage]":
    """Nothing where the capability has been taken out."""
    from django.apps import apps

    if not apps.is_installed("profiles.custom_fields"):
        return []
    from tests.torture import fields

    return fields.play(arena, random, members, say)


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Make the request to end what Ctrl-C is."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
