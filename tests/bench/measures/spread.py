"""What a connection weighs if a proxy spreads hosts over several web processes, so that each meets its share only."""

from statistics import mean

from tests.bench.arena import Arena
from tests.bench.figures import TENANTRY, Row
from tests.bench.measures.pages import PROFILE, requests
from tests.bench.memory import mebibytes

PROCESSES = (1, 2, 4, 8)
# One connection of each process is weighed; a process has WEB_PLACES of them, which are alike.
THREADS = CONNECTIONS = 1
PLACES = 4


def measure(arena: Arena) -> list[Row]:
    weights = {number: weigh(arena, number) for number in PROCESSES}
    total = len(arena.seats(TENANTRY))
    each = (weights[1] - weights[PROCESSES[-1]]) / (total - total // PROCESSES[-1])
    rows = [Row("memory of a connection, each organisation more", "MiB", {TENANTRY: each})]
    for number, weight in weights.items():
        rows += [
            Row(f"{number} processes, {total // number} organisations each: a connection", "MiB", {TENANTRY: weight}),
            Row(f"{number} processes: all connections, hosts spread", "MiB", {TENANTRY: number * PLACES * weight}),
            Row(f"{number} processes: all connections, not spread", "MiB", {TENANTRY: number * PLACES * weights[1]}),
        ]
    return rows


def weigh(arena: Arena, number: int) -> float:
    """MiB of the server process of a connection that has met every number-th organisation."""
    share = arena.seats(TENANTRY)[::number]
    before = set(arena.backends(TENANTRY))
    with arena.web(TENANTRY, database_of=TENANTRY, threads=THREADS) as server:
        server.load(requests(PROFILE, share), CONNECTIONS)
        own = set(arena.backends(TENANTRY)) - before
        return mean(mebibytes(pid)["anonymous"] for pid in own)
