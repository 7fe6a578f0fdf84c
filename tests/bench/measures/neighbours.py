"""What the others notice while one organisation floods the server."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.bench.arena import Arena, by_turns
from tests.bench.figures import BOTH_PLAIN, TENANTRY, Row, median, medians, quantile
from tests.bench.measures.pages import DIRECTORY, PROFILE, requests
from tests.bench.processes import WebServer

# As in production: config/gunicorn.py.
THREADS = 64
FLOODING = 32
NEIGHBOURS = 2
# Seconds for the load generators to start.
HEAD_START = 0.5
Rounds = dict[str, list[float]]


def measure(arena: Arena) -> list[Row]:
    alone: Rounds = {name: [] for name in (*BOTH_PLAIN, TENANTRY)}
    flooded: Rounds = {name: [] for name in (*BOTH_PLAIN, TENANTRY)}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(arena.web(name, database_of=name, threads=THREADS)) for name in alone}
        for number in range(-1, arena.size.rounds):
            for name in by_turns(servers, number):
                quiet = neighbours(arena, name, servers[name])
                loud = beside_a_flood(arena, name, servers[name])
                if number >= 0:
                    alone[name].append(quiet)
                    flooded[name].append(loud)
    growth = {name: median(flooded[name]) / median(alone[name]) for name in alone}
    note = f"1 worker, {THREADS} threads; {FLOODING} connections flood with the directory, {NEIGHBOURS} are neighbours."
    return [
        Row("profile page: p95 of the neighbours, in peace", "s", medians(alone), rounds=alone, note=note),
        Row("profile page: p95 of the neighbours of a flood", "s", medians(flooded), rounds=flooded, note=note),
        Row("profile page: p95 of the neighbours, flood against peace", "fold", growth, at_most=2, note=note),
    ]


def neighbours(arena: Arena, name: str, server: WebServer) -> float:
    """The 95th percentile of the seconds that other organisations wait for their page."""
    plan = requests(PROFILE, arena.seats(name)[1:5])
    result = server.load(plan, NEIGHBOURS, seconds=arena.size.flood, may_refuse=False)
    return quantile(result["latencies"], 0.95)


def beside_a_flood(arena: Arena, name: str, server: WebServer) -> float:
    """The same, while the first organisation asks for as much as it can."""
    flood = requests(DIRECTORY, arena.seats(name)[:1])
    with ThreadPoolExecutor(1) as pool:
        flooding = pool.submit(server.load, flood, FLOODING, seconds=arena.size.flood + HEAD_START * 2, may_refuse=True)
        time.sleep(HEAD_START)
        found = neighbours(arena, name, server)
        flooding.result()
    return found
