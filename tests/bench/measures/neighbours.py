"""What the others notice while one organisation floods the server, and while several do, and made-up hosts.

The neighbours ask for the next page when they have the last one, so in peace two pages share the processor that one
process of Python can use. Their 95th percentile beside a flood is that of pages during which a third one runs, however
seldom it does: half as slow again, unless the flood rests in small parts. None of the flood's requests is refused here,
since fewer wait than may, and the clients are processes of their own, so the second processor of a machine is enough
for them and PostgreSQL. A machine that does something else as well makes both figures the same.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.bench.arena import Arena, by_turns
from tests.bench.figures import PLAIN_FAST, TENANTRY, Row, median, medians, quantile
from tests.bench.load import Request
from tests.bench.measures.pages import DIRECTORY, PROFILE, requests
from tests.bench.processes import WebServer

# As in production: config/gunicorn.py.
THREADS = 64
FLOODING = 32
NEIGHBOURS = 2
# Organisations that flood at once, and connections that ask for made-up hosts beside them.
FLOODERS, MADE_UP = 3, 8
# Plain django-tenants by its defaults serves pages in the same way.
CONTESTANTS = (PLAIN_FAST, TENANTRY)
# Rounds of plain django-tenants, whose neighbours wait ten times longer: more would not say more.
ROUNDS_OF_PLAIN = 1
# Seconds for the load generators to start.
HEAD_START = 0.5
Rounds = dict[str, list[float]]


def measure(arena: Arena) -> list[Row]:
    alone: Rounds = {name: [] for name in CONTESTANTS}
    flooded: Rounds = {name: [] for name in CONTESTANTS}
    crowded: Rounds = {TENANTRY: []}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(arena.web(name, database_of=name, threads=THREADS)) for name in alone}
        for number in range(-1, arena.size.rounds):
            for name in by_turns(servers if number < ROUNDS_OF_PLAIN else crowded, number):
                quiet = neighbours(arena, name, servers[name])
                loud = beside_a_flood(arena, name, servers[name])
                louder = {each: beside_a_crowd(arena, each, servers[each]) for each in crowded if each == name}
                if number >= 0:
                    alone[name].append(quiet)
                    flooded[name].append(loud)
                    for each, seconds in louder.items():
                        crowded[each].append(seconds)
    growth = {name: median(flooded[name]) / median(alone[name]) for name in alone}
    worse = {name: median(crowded[name]) / median(alone[name]) for name in crowded}
    note = f"1 worker, {THREADS} threads; {FLOODING} connections flood with the directory, {NEIGHBOURS} are neighbours."
    crowd = f"{FLOODERS} organisations flood by {FLOODING} connections, {MADE_UP} more ask for made-up hosts."
    return [
        Row("profile page: p95 of the neighbours, in peace", "s", medians(alone), rounds=alone, note=note),
        Row("profile page: p95 of the neighbours of a flood", "s", medians(flooded), rounds=flooded, note=note),
        Row("profile page: p95 of the neighbours, flood against peace", "fold", growth, at_most=1.5, note=note),
        Row(
            "profile page: p95, several floods and made-up hosts against peace", "fold", worse, at_most=1.5, note=crowd
        ),
    ]


def neighbours(arena: Arena, name: str, server: WebServer) -> float:
    """The 95th percentile of the seconds that other organisations wait for their page."""
    plan = requests(PROFILE, arena.seats(name)[1:5])
    result = server.load(plan, NEIGHBOURS, seconds=arena.size.flood, may_refuse=False)
    return quantile(result["latencies"], 0.95)


def beside_a_flood(arena: Arena, name: str, server: WebServer) -> float:
    """The same, while the first organisation asks for as much as it can."""
    return beside(arena, name, server, (requests(DIRECTORY, arena.seats(name)[:1]), FLOODING))


def beside_a_crowd(arena: Arena, name: str, server: WebServer) -> float:
    """The same, while several do, and others ask for hosts that there are not."""
    made_up = [Request(host=f"nobody-{number}.localhost", path="/", cookie="") for number in range(1000)]
    flooders = [arena.seats(name)[0], *arena.seats(name)[5:][: FLOODERS - 1]]
    floods = [(requests(DIRECTORY, [seat]), FLOODING // FLOODERS) for seat in flooders]
    return beside(arena, name, server, *floods, (made_up, MADE_UP))


def beside(arena: Arena, name: str, server: WebServer, *floods: tuple[list[Request], int]) -> float:
    """The neighbours' 95th percentile while all of these pages are asked for, each by so many connections."""
    seconds = arena.size.flood + HEAD_START * 2
    with ThreadPoolExecutor(len(floods)) as pool:
        flooding = [pool.submit(server.load, *flood, seconds=seconds, may_refuse=True) for flood in floods]
        time.sleep(HEAD_START)
        found = neighbours(arena, name, server)
        for each in flooding:
            each.result()
    return found
