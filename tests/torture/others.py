"""What the other organisations notice of a crowd: how long their page takes, and how many connections there are."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import LiteralString

from django.conf import settings

from tenants.models import Tenant
from tests.torture.arena import Arena
from tests.torture.bombs import allowed, p95, running
from tests.torture.outages import Outage

# Seconds in which others are asked, and how often at least.
PEACE, FEWEST = 2, 20
# Of what a page may take meanwhile, on a machine that has the clients to run as well.
P95 = 1.0
BACKENDS: LiteralString = """
SELECT count(*)::text FROM pg_stat_activity WHERE datname = 'torture' AND backend_type = 'client backend'
"""


def judge(outage: Outage, peace: list[float], meanwhile: list[float], most: list[int]) -> None:
    outage.demand(
        p95(meanwhile) < allowed(P95, peace), f"a page of another organisation took {p95(meanwhile):.2f} s (p95)"
    )
    outage.demand(most[0] <= settings.WEB_CONNECTIONS, f"there were {most[0]} connections")
    outage.figures += [
        f"{most[0]} connections at most, of {settings.WEB_CONNECTIONS}",
        f"a page of another organisation: p95 {p95(meanwhile) * 1000:.0f} ms (in peace {p95(peace) * 1000:.0f})",
    ]


def seconds_of(arena: Arena, tenant: Tenant, seconds: float) -> list[float]:
    """How long its page takes, asked for again and again."""
    found: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(found) < FEWEST:
        began = time.monotonic()
        status = arena.get(tenant.domain, "/account/login/").status
        found.append(time.monotonic() - began if status == 200 else float("inf"))
        time.sleep(0.01)
    return found


@contextmanager
def counting(arena: Arena, of_others: int = 0) -> Iterator[list[int]]:
    """The most connections that the web server has meanwhile, besides so many of others."""
    over, most = Event(), [0]

    def count() -> None:
        while not over.wait(0.02):
            most[0] = max(most[0], backends(arena) - of_others)

    with running(count, over):
        yield most


def backends(arena: Arena) -> int:
    return int(arena.query(BACKENDS)[0][0])
