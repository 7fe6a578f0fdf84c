"""Kills, one after the other, and what came of them."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from django.db import connection

from tenants.serving import hosts
from tests.torture.arena import Arena
from tests.torture.operations.backing import BackUp, Restore, TakeRows
from tests.torture.operations.base import Operation, State, Torn, rows
from tests.torture.operations.clicks import Accept, Deactivate, Photo, SignUp
from tests.torture.operations.counting import TakeCensus
from tests.torture.operations.jobs import Mail, Refill
from tests.torture.operations.migration import Migrate
from tests.torture.operations.moving import Export, Import
from tests.torture.operations.removal import Remove
from tests.torture.processes import Click, Running, TortureFailed, kill, kill_postgres, postgres_family

OPERATIONS: tuple[type[Operation], ...] = (
    Migrate,
    SignUp,
    Accept,
    Photo,
    Deactivate,
    Refill,
    Mail,
    Remove,
    Export,
    Import,
    BackUp,
    Restore,
    TakeRows,
    TakeCensus,
)
POSTGRES, WEB = "PostgreSQL", "web server"
MEASURED = 3  # At most, and once for each two kills.
SECONDS = 30
OTHERS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@dataclass
class Tally:
    """What came of the kills of one victim during one operation. `seconds` is how long the operation takes."""

    operation: str
    victim: str
    seconds: float = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    notes: dict[str, int] = field(default_factory=dict)
    torn: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        return self.outcomes.total()


def torture(
    arena: Arena, random: Random, points: int, *, during: list[str], victims: list[str], say: Callable[[str], None]
) -> Iterator[Tally]:
    """Kill during each operation that one of these words names: the process that does it, and PostgreSQL."""
    for kind in OPERATIONS:
        if not any(word in kind.name for word in during):
            continue
        operation = kind(arena, random)
        for victim in victims:
            tally = Tally(kind.name, victim if victim == POSTGRES else doer(operation))
            say(f"killing {tally.victim} during {tally.operation}")
            run(operation, tally, points, random)
            yield tally


def run(operation: Operation, tally: Tally, points: int, random: Random) -> None:
    operation.notes = tally.notes
    measure(operation)  # After a kill there is always a retry, too: no one who is measured is new to it.
    tally.seconds = statistics.median(measure(operation) for _ in range(min(MEASURED, max(1, points // 2))))
    parts = list(range(points))
    random.shuffle(parts)
    for part in parts:
        seconds = tally.seconds * (part + random.random()) / points
        try:
            tally.outcomes[strike(operation, tally.victim, seconds)] += 1
        except Torn as torn:
            tally.outcomes["torn"] += 1
            tally.torn.append(f"killed after {seconds * 1000:.1f} ms: {torn}")
    operation.finish()


def measure(operation: Operation) -> float:
    """How long it takes when no one is killed, in seconds. Raises TortureFailed if it does not work even then."""
    operation.prepare()
    began = time.perf_counter()
    running = operation.start()
    running.wait()
    seconds = time.perf_counter() - began
    if operation.check() is not State.WHOLE:
        raise TortureFailed(f"{operation.name} does not work: {vars(getattr(running, 'answer', running))}")
    return seconds


def strike(operation: Operation, victim: str, seconds: float) -> str:
    """Kill once, so many seconds after the start; what there was of it then. Raises Torn."""
    operation.prepare()
    standing, family = backends(), postgres_family(operation.arena.server)
    began = time.perf_counter()
    running = operation.start()
    time.sleep(max(0, began + seconds - time.perf_counter()))
    was_over = running.is_over()
    if victim == POSTGRES:
        kill_postgres(family)
        start_postgres(operation.arena)
        running.wait()
    else:
        end_process(operation.arena, running, standing)
    state = operation.check()
    operation.retry()
    return "over before" if was_over else f"{state.value} of it there"


def start_postgres(arena: Arena) -> None:
    connection.close()
    hosts.clear()
    arena.server.ensure_running()


def end_process(arena: Arena, running: Running, standing: set[int]) -> None:
    """Kill the process, and wait until PostgreSQL has noticed: what it had sent is done until then."""
    is_web = isinstance(running, Click)
    doomed = backends() - (set() if is_web else standing)
    if is_web:
        arena.renew()
    elif not running.is_over():
        kill(running.pid)
    running.wait()
    deadline = time.monotonic() + SECONDS
    while doomed & backends():
        if time.monotonic() > deadline:
            raise Torn("PostgreSQL still works for a process that is dead")
        time.sleep(0.002)


def backends() -> set[int]:
    """PostgreSQL's processes for others than us."""
    return {pid for (pid,) in rows(OTHERS)}


def doer(operation: Operation) -> str:
    """The process that does it."""
    doers = {
        "clicks": WEB,
        "counting": "manage.py",
        "jobs": "worker",
        "migration": "migrate",
        "moving": "manage.py",
        "backing": "manage.py",
        "removal": "remove_organisation",
    }
    return doers[type(operation).__module__.split(".")[-1]]
