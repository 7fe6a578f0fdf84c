"""The command line: `python -m tests.bench`, or `make bench`."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType, ModuleType
from typing import NoReturn

# Before anything asks where the data is.
os.environ.setdefault("BUNDLED_DATA", "var/bench-postgres")

from tests.bench import machine, nodes
from tests.bench.arena import Arena, Size
from tests.bench.figures import Row
from tests.bench.measures import (
    backups,
    burst,
    console,
    flatness,
    lists,
    making,
    members,
    migrating,
    moving,
    neighbours,
    own_fields,
    pages_served,
    painted,
    photo,
    serving,
    sizes,
    spread,
    statements,
)
from tests.bench.processes import BASE_DIR, BenchFailed
from tests.bench.table import as_json, table

# In this order: a column more would need another version of the code.
MEASURES: dict[str, ModuleType] = {
    "making": making,
    "burst": burst,
    "lists": lists,
    "sizes": sizes,
    "statements": statements,
    "pages": pages_served,
    "painted": painted,
    "flatness": flatness,
    "spread": spread,
    "serving": serving,
    "neighbours": neighbours,
    "migrating": migrating,
    "members": members,
    "own_fields": own_fields,
    "photo": photo,
    "console": console,
    "backups": backups,
    "moving": moving,
}
# About what processes weigh, about crowds, and about very many members and files: not in the whole, which should take
# less than ten minutes.
LONG = ("burst", "lists", "spread", "serving", "members", "own_fields", "console", "backups", "moving")
RESULT = BASE_DIR / "var" / "bench.json"
DEFAULT_ORGANISATIONS, QUICK_ORGANISATIONS = 500, 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the JSON. Returns 1 without a result; a missed goal is a result."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, interrupt)
    if options.what == "nodes":
        return nodes.main(quick=options.quick)
    try:
        with ExitStack() as stack:
            arena = Arena(size_of(options), stack)
            found = machine.facts(arena)
            rows = run(arena, options.only or usual(long=options.long))
    except KeyboardInterrupt:
        return 130
    except BenchFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"\n{table(rows)}\n\n{machine.sentence(found, arena.size.organisations)}\n")
    result = {"machine": found, "size": vars(arena.size), "rows": [as_json(row) for row in rows]}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.write(f"All figures are in {RESULT.relative_to(BASE_DIR)}.\n")
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="make bench ARGS=…", description="Tenantry beside plain django-tenants and none."
    )
    made.add_argument("what", nargs="?", choices=["nodes"], help="on a cluster from CITUS_HOME (docs/nodes.md)")
    made.add_argument("--organisations", type=at_least_ten, metavar="N", help=f"default: {DEFAULT_ORGANISATIONS}")
    made.add_argument("--gibibytes", type=int, metavar="N", help="of files that `moving` exports; default: 10")
    made.add_argument(
        "--quick",
        action="store_true",
        help=f"about three minutes: {QUICK_ORGANISATIONS} organisations, fewer rounds",
    )
    made.add_argument("--long", action="store_true", help=f"also {', '.join(LONG)}, and 100,000 members: an hour")
    made.add_argument("--only", nargs="+", choices=MEASURES, metavar="NAME", help=f"of: {', '.join(MEASURES)}")
    return made


def usual(*, long: bool) -> list[str]:
    """What is measured without --only."""
    return [name for name in MEASURES if long or name not in LONG]


def at_least_ten(text: str) -> int:
    """Fewer could not be compared with ten."""
    number = int(text)
    if number < flatness.FEW:
        raise argparse.ArgumentTypeError(f"has to be {flatness.FEW} or more")
    return number


def size_of(options: argparse.Namespace) -> Size:
    if options.quick:
        return Size(
            organisations=options.organisations or QUICK_ORGANISATIONS,
            few=5,
            rounds=1,
            requests=30,
            flood=0.5,
            columns=1,
            members=20_000,
            gibibytes=options.gibibytes or 1,
        )
    return Size(
        organisations=options.organisations or DEFAULT_ORGANISATIONS,
        few=20,
        rounds=3,
        requests=50,
        flood=2,
        columns=3,
        members=100_000 if options.long or options.only else 20_000,
        gibibytes=options.gibibytes or 10,
    )


def run(arena: Arena, names: Sequence[str]) -> list[Row]:
    """All measures that are asked for, in the order of MEASURES."""
    began = time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:5.0f} s  {what} …\n")

    say("setting up")
    arena.prepare()
    rows = []
    for name, module in MEASURES.items():
        if name not in names:
            continue
        if module not in (making, burst, lists, members, own_fields, backups, moving) and not arena.has_grown:
            say(f"making {arena.size.organisations} organisations")
            arena.grow()
        say(name)
        rows += module.measure(arena)
    say("done, cleaning up")
    return rows


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Make the request to end what Ctrl-C is."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
