"""What a web process needs by each way of serving: gunicorn's threads, and uvicorn under gunicorn (docs/turns.md)."""

from contextlib import ExitStack
from threading import Event, Thread

import psutil

from tests.bench.arena import Arena, by_turns
from tests.bench.figures import TENANTRY, Row, medians
from tests.bench.load import Request
from tests.bench.measures.pages import PROFILE, requests
from tests.bench.memory import mebibytes
from tests.bench.processes import BY_THREADS, BY_UVICORN, WebServer

WAYS = {"by threads": BY_THREADS, "by uvicorn": BY_UVICORN}
# As in production: config/gunicorn.py. As many connections, so that most requests wait for their turn.
THREADS = CONNECTIONS = 64
STYLE = "/static/shared/css/base.css"
LOOK_SECONDS = 0.05


def measure(arena: Arena) -> list[Row]:
    rows = []
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(arena.web(TENANTRY, database_of=TENANTRY, threads=THREADS, way=way))
            for name, way in WAYS.items()
        }
        for server in servers.values():
            server.load(requests(PROFILE, arena.seats(TENANTRY)[:1]), 1)  # waits until its worker is up
        for title, path in {"profile page": PROFILE, "style sheet": STYLE}.items():
            seats = arena.seats(TENANTRY)
            plan = requests(path, [seats[number % len(seats)] for number in range(arena.size.requests * 5)])
            rows += measured(servers, title, plan, arena.size.rounds)
    return rows


def measured(servers: dict[str, WebServer], title: str, plan: list[Request], rounds: int) -> list[Row]:
    seconds: dict[str, list[float]] = {name: [] for name in servers}
    most: dict[str, list[float]] = {name: [] for name in servers}
    memory: dict[str, list[float]] = {name: [] for name in servers}
    for number in range(-1, rounds):
        for name in by_turns(servers, number):
            process = psutil.Process(servers[name].worker)
            before = sum(process.cpu_times()[:2])
            threads = most_threads(process, servers[name], plan)
            if number >= 0:
                seconds[name].append((sum(process.cpu_times()[:2]) - before) / len(plan))
                most[name].append(threads)
                memory[name].append(mebibytes(process.pid)["private"])
    note = f"1 worker, {CONNECTIONS} connections, {len(plan)} requests a round to all organisations."
    return [
        Row(f"{title}, {name}: {what}", unit, {TENANTRY: medians(figures)[name]}, note=note)
        for name in servers
        for what, unit, figures in (
            ("processor time of a request", "s", seconds),
            ("threads at most", "", most),
            ("memory of the process", "MiB", memory),
        )
    ]


def most_threads(process: psutil.Process, server: WebServer, plan: list[Request]) -> int:
    """Have it answer all, and count its threads meanwhile."""
    counts, ended = [process.num_threads()], Event()

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            counts.append(process.num_threads())

    thread = Thread(target=look)
    thread.start()
    try:
        server.load(plan, CONNECTIONS)
    finally:
        ended.set()
        thread.join()
    return max(counts)
