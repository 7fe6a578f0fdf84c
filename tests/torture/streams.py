"""More streams than there are places, by two organisations, and what a third one notices."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from tenants.models import Tenant
from tests.bench.processes import BY_UVICORN, serving
from tests.torture.arena import THREADS, Arena
from tests.torture.others import PEACE, backends, counting, judge, seconds_of
from tests.torture.outages import Outage
from tests.torture.processes import worker_of

STREAMS = 32


def by_both(arena: Arena, quiet: Tenant, tenants: list[Tenant], sessions: list[str]) -> Iterator[Outage]:
    """From the arena's web server, and from one by ASGI that takes its place for as long."""
    yield streams(arena, quiet, tenants, sessions, "threads")
    by_threads, worker = arena.web, arena.web_worker
    before = backends(arena)
    with serving(os.environ, THREADS, arena.folder / "asgi.log", BY_UVICORN) as arena.web:
        arena.web_worker = worker_of(arena.web)
        yield streams(arena, quiet, tenants, sessions, "ASGI", of_others=before)
    arena.web, arena.web_worker = by_threads, worker


def streams(
    arena: Arena, quiet: Tenant, tenants: list[Tenant], sessions: list[str], way: str, of_others: int = 0
) -> Outage:
    outage = Outage(f"{STREAMS} streams that query, by {way}")
    peace = seconds_of(arena, quiet, PEACE)

    def read(number: int) -> bool:
        side = number % 2
        answer = arena.get(tenants[side].domain, "/stream/", sessions[side])
        return answer.text.split() == [f"owner@{tenants[side].slug}.example"] * 20

    with counting(arena, of_others) as most, ThreadPoolExecutor(STREAMS) as pool, ThreadPoolExecutor(1) as other:
        asking = other.submit(seconds_of, arena, quiet, PEACE)
        whole = list(pool.map(read, range(2 * STREAMS)))
        meanwhile = asking.result()
    outage.demand(all(whole), f"{whole.count(False)} were not whole")
    judge(outage, peace, meanwhile, most)
    for _ in range(20):
        arena.get(tenants[1].domain, "/account/login/")
    after = backends(arena) - of_others
    outage.demand(after <= settings.WEB_CONNECTIONS, f"{after} connections stayed")
    outage.figures.append(f"{after} connections afterwards")
    return outage
