"""Crowds: made-up and new hosts, streams, forms that come byte by byte, floods; what others notice, and PostgreSQL."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

from django.conf import settings
from django.db import connections

from profiles.models import User
from profiles.testing import new_organisation
from tenants.context import within
from tenants.models import Tenant
from tests.bench.load import Request
from tests.torture.arena import TOKEN, Arena
from tests.torture.operations.clicks import signed_in
from tests.torture.others import PEACE, counting, judge, seconds_of
from tests.torture.outages import Outage
from tests.torture.streams import STREAMS, by_both

CLIENTS, SLOW, NEW = 300, 12, 5
# Connections of each organisation that floods: three of them could fill all threads.
FLOODING = 32


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
    yield from (hosts_without_anyone(arena, quiet, hosts) for hosts in (3 * CLIENTS, 1))
    say(f"{FLOODING} clients ask for organisations that have just been signed up")
    yield new_hosts(arena)
    say(f"{STREAMS} streams query, by threads and by ASGI")
    yield from by_both(arena, quiet, tenants[:2], sessions[:2])
    say(f"{SLOW} forms come byte by byte")
    yield slow_senders(arena, quiet)
    say(f"{len(tenants)} organisations flood by {FLOODING} connections each")
    yield floods(arena, quiet, tenants, sessions)


def hosts_without_anyone(arena: Arena, tenant: Tenant, hosts: int) -> Outage:
    """The clients are in a process of their own: in ours, their threads would delay those who measure."""
    outage = Outage(f"{CLIENTS} clients that ask for {hosts} made-up host{'s' * (hosts > 1)}")
    peace = seconds_of(arena, tenant, PEACE)
    with counting(arena) as most, ThreadPoolExecutor(1) as pool:
        crowd = pool.submit(arena.web.load, made_up(hosts), CLIENTS, seconds=3 * PEACE, may_refuse=True)
        time.sleep(PEACE)
        meanwhile = seconds_of(arena, tenant, PEACE)
        came = crowd.result()
    outage.demand(came["refused"] and not came["latencies"], f"{len(came['latencies'])} were answered with a page")
    outage.figures.append(f"{came['refused']} answers of 404")
    judge(outage, peace, meanwhile, most)
    return outage


def made_up(hosts: int) -> list[Request]:
    return [Request(host=f"nobody-{number}.localhost", path="/", cookie="") for number in range(hosts)]


def new_hosts(arena: Arena) -> Outage:
    """Each sign-up empties what the web server knows of hosts. The load generator takes no answer but 200."""
    outage = Outage(f"{FLOODING} clients of each of {NEW} organisations as soon as it is signed up")
    seconds, at_most = [], 0
    for _ in range(NEW):
        tenant = new_organisation(f"crowd-{time.monotonic_ns()}")
        connections.close_all()  # What is counted are the web server's.
        page = Request(host=tenant.domain, path="/account/login/", cookie="")
        with counting(arena) as most:
            came = arena.web.load([page] * 2 * FLOODING, FLOODING)
        seconds += came["latencies"]
        at_most = max(at_most, most[0])
    outage.demand(at_most <= settings.WEB_CONNECTIONS, f"there were {at_most} connections")
    outage.figures = [
        f"{at_most} connections at most, of {settings.WEB_CONNECTIONS}",
        f"{len(seconds)} answers of 200, none of 404; the last of one came after {max(seconds):.1f} s",
    ]
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
    with counting(arena) as most, ThreadPoolExecutor() as pool:
        crowd = [
            pool.submit(arena.web.load, plan, FLOODING, seconds=3 * PEACE, may_refuse=True)
            for plan in (*pages, made_up(CLIENTS))
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
