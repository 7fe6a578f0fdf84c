"""Requests per second through the real server: one organisation, a person who is signed in."""

from contextlib import ExitStack

from tests.bench.arena import Arena, by_turns
from tests.bench.figures import PLAIN_FAST, SINGLE, TENANTRY, Row, medians, quantile
from tests.bench.measures.pages import PAGES, PROFILE, requests
from tests.bench.processes import WebServer

# By its default options, django-tenants differs by its switches alone, which `statements` counts.
CONTESTANTS = (PLAIN_FAST, SINGLE, TENANTRY)
THREADS = 4
CONNECTIONS = 2
Rounds = dict[str, list[float]]


def measure(arena: Arena) -> list[Row]:
    with ExitStack() as stack:
        running = {name: arena.web(name, database_of=name, threads=THREADS) for name in CONTESTANTS}
        servers = {name: stack.enter_context(web) for name, web in running.items()}
        return [row for title, path in PAGES.items() for row in served(arena, servers, title, path)]


def served(arena: Arena, servers: dict[str, WebServer], title: str, path: str) -> list[Row]:
    rates: Rounds = {name: [] for name in CONTESTANTS}
    middles: Rounds = {name: [] for name in CONTESTANTS}
    slowest: Rounds = {name: [] for name in CONTESTANTS}
    for number in range(-1, arena.size.rounds):
        for name in by_turns(CONTESTANTS, number):
            plan = requests(path, arena.seats(name)[:1] * arena.size.requests)
            result = servers[name].load(plan, CONNECTIONS)
            if number >= 0:
                rates[name].append(len(plan) / result["seconds"])
                middles[name].append(quantile(result["latencies"], 0.5))
                slowest[name].append(quantile(result["latencies"], 0.95))
    note = f"1 worker, {THREADS} threads, {CONNECTIONS} connections, {arena.size.requests} requests a round."
    goal = 0.95 if path == PROFILE else None
    against = (SINGLE,)
    return [
        Row(
            f"{title}: requests per second",
            "/s",
            medians(rates),
            against,
            at_least=goal,
            note=note,
            rounds=rates,
        ),
        Row(f"{title}: p50", "s", medians(middles), against, rounds=middles),
        Row(f"{title}: p95", "s", medians(slowest), against, rounds=slowest),
    ]
