"""Crowds: made-up hosts, streams that query, forms that come byte by byte, floods; what others notice, and PostgreSQL."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import LiteralString

from django.conf import settings
from django.db import connections

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import within
from tenants.models import Tenant
from tests.bench.load import Request
from tests.torture.arena import TOKEN, Arena
from tests.torture.bombs import allowed, p95, running
from tests.torture.operations.clicks import signed_in
from tests.torture.outages import Outage

CLIENTS, SLOW, STREAMS = 300, 12, 32
# Of each organisation that floods: three of them could fill all threads.
FLOODING = 32
# Seconds in which others are asked.
PEACE = 2
# Of what a page may take meanwhile, on a machine that has the clients to run as well.
P95 = 1.0
BACKENDS: LiteralString = """
SELECT count(*)::text FROM pg_stat_activity WHERE datname = 'torture' AND backend_type = 'client backend'
"""


def play(arena: Arena, say: Callable[[str], None]) -> Iterator[Outage]:
    """All of them, one after the other."""
    quiet, *tenants = [new_organisation(f"crowd-{time.monotonic_ns()}") for _ in range(4)]
    sessions = []
    for tenant in tenants:
        with within(tenant):
            sessions.append(signed_in(tenant, User.objects.get()))
    connections.close_all()  # What is counted are the web server's.
    arena.get(quiet.domain, "/account/login/")
    say(f"{CLIENTS} clients ask for made-up hosts")
    yield made_up_hosts(arena, quiet)
    say(f"{STREAMS} streams query")
    yield streams(arena, quiet, tenants[:2], sessions[:2])
    say(f"{SLOW} forms come byte by byte")
    yield slow_senders(arena, quiet)
    say(f"{len(tenants)} organisations flood by {FLOODING} connections each")
    yield floods(arena, quiet, tenants, sessions)


def made_up_hosts(arena: Arena, tenant: Tenant) -> Outage:
    """The clients are in a process of their own: in ours, their threads would delay those who measure."""
    outage = Outage(f"{CLIENTS} clients with made-up hosts")
    peace = seconds_of(arena, tenant, PEACE)
    hosts = [Request(host=f"nobody-{number}.localhost", path="/", cookie="") for number in range(3 * CLIENTS)]
    with counting(arena) as most, ThreadPoolExecutor(1) as pool:
        crowd = pool.submit(arena.web.load, hosts, CLIENTS, seconds=3 * PEACE, may_refuse=True)
        time.sleep(PEACE)
        meanwhile = seconds_of(arena, tenant, PEACE)
        came = crowd.result()
    outage.demand(came["refused"] and not came["latencies"], f"{len(came['latencies'])} were answered with a page")
    outage.figures.append(f"{came['refused']} answers of 404")
    judge(outage, peace, meanwhile, most)
    return outage


def streams(arena: Arena, quiet: Tenant, tenants: list[Tenant], sessions: list[str]) -> Outage:
    """More than there are places, by two organisations; and what a third one notices."""
    outage = Outage(f"{STREAMS} streams that query")
    peace = seconds_of(arena, quiet, PEACE)

    def read(number: int) -> bool:
        side = number % 2
        answer = arena.get(tenants[side].domain, "/stream/", sessions[side])
        return answer.text.split() == [f"owner@{tenants[side].slug}.example"] * 20

    with counting(arena) as most, ThreadPoolExecutor(STREAMS) as pool, ThreadPoolExecutor(1) as other:
        asking = other.submit(seconds_of, arena, quiet, PEACE)
        whole = list(pool.map(read, range(2 * STREAMS)))
        meanwhile = asking.result()
    outage.demand(all(whole), f"{whole.count(False)} were not whole")
    judge(outage, peace, meanwhile, most)
    for _ in range(20):
        arena.get(tenants[1].domain, "/account/login/")
    after = backends(arena)
    outage.demand(after <= settings.WEB_CONNECTIONS, f"{after} connections stayed")
    outage.figures.append(f"{after} connections afterwards")
    return outage


def slow_senders(arena: Arena, tenant: Tenant) -> Outage:
    outage = Outage(f"{SLOW} forms that come byte by byte")
    peace = seconds_of(arena, tenant, PEACE)
    over = Event()
    with counting(arena) as most, ThreadPoolExecutor(SLOW) as pool, ExitStack() as stack:
        stack.callback(over.set)
        hosts = [tenant.domain, "localhost"] * (SLOW // 2)
        for host in hosts:
            pool.submit(trickle, arena.web.port, host, over)
        time.sleep(0.5)
        meanwhile = seconds_of(arena, tenant, 2 * PEACE)
    judge(outage, peace, meanwhile, most)
    return outage


def floods(arena: Arena, quiet: Tenant, tenants: list[Tenant], sessions: list[str]) -> Outage:
    outage = Outage(f"{len(tenants)} organisations that flood by {FLOODING} connections each, beside made-up hosts")
    peace = seconds_of(arena, quiet, PEACE)
    pages = [
        [Request(host=tenant.domain, path="/people/", cookie=session)]
        for tenant, session in zip(tenants, sessions, strict=True)
    ]
    hosts = [Request(host=f"nobody-{number}.localhost", path="/", cookie="") for number in range(CLIENTS)]
    with counting(arena) as most, ThreadPoolExecutor() as pool:
        crowd = [
            pool.submit(arena.web.load, page, FLOODING, seconds=3 * PEACE, may_refuse=True) for page in (*pages, hosts)
        ]
        time.sleep(PEACE)
        meanwhile = seconds_of(arena, quiet, PEACE)
        *flooding, _hosts = [each.result() for each in crowd]
    outage.demand(all(each["latencies"] for each in flooding), "one of them got no page at all")
    outage.figures.append(f"they got {', '.join(str(len(each['latencies'])) for each in flooding)} pages")
    judge(outage, peace, meanwhile, most)
    return outage


def trickle(port: int, host: str, over: Event) -> None:
    """A form of which a byte comes now and then; no one is signed in."""
    path = "/sign-up/" if host == "localhost" else "/account/login/"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: csrf={TOKEN}\r\nContent-Length: 1000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
        )
        while not over.wait(0.5):
            connection.sendall(b"x")


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
    while time.monotonic() < end:
        began = time.monotonic()
        status = arena.get(tenant.domain, "/account/login/").status
        found.append(time.monotonic() - began if status == 200 else float("inf"))
        time.sleep(0.01)
    return found


@contextmanager
def counting(arena: Arena) -> Iterator[list[int]]:
    """The most connections that the web server has meanwhile."""
    over, most = Event(), [0]

    def count() -> None:
        while not over.wait(0.02):
            most[0] = max(most[0], backends(arena))

    with running(count, over):
        yield most


def backends(arena: Arena) -> int:
    return int(arena.query(BACKENDS)[0][0])
