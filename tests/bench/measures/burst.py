"""Fifty organisations sign up at once, through the real web server and worker: how long does the slowest wait?"""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode

from tests.bench.arena import BURST, Arena
from tests.bench.figures import TENANTRY, Row, median
from tests.bench.load import ADDRESS, ANSWER_SECONDS
from tests.bench.processes import BenchFailed, WebServer, leashed, tail

SIGN_UPS = 50
THREADS = 8
START_SECONDS = 60
WORKERS = "SELECT count(*) FROM procrastinate_workers"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def measure(arena: Arena) -> list[Row]:
    with arena.web(BURST, database_of=BURST, threads=THREADS) as server, worker(arena):
        waits = sign_up_all(server)
    if (whole := arena.ask(BURST, "whole")) != SIGN_UPS:
        raise BenchFailed(f"{SIGN_UPS} have signed up, and {whole} organisations are whole.")
    note = f"1 web worker with {THREADS} threads, 1 job worker, 5 in stock. Seconds until the redirect is there."
    # At once: PostgreSQL need not write its files to the disk first.
    arena.drop(BURST)
    return [
        Row(f"{SIGN_UPS} sign-ups at once: p50", "s", {TENANTRY: median(waits)}, note=note, rounds={TENANTRY: waits}),
        Row(f"{SIGN_UPS} sign-ups at once: the slowest", "s", {TENANTRY: max(waits)}, note=note),
    ]


@contextmanager
def worker(arena: Arena) -> Iterator[None]:
    """The process that makes the spares, once it is there."""
    arguments = ["manage.py", "procrastinate", "worker"]
    with leashed(arguments, arena.environment(BURST), arena.folder / "worker.log"):
        deadline = time.monotonic() + START_SECONDS
        while not arena.query(WORKERS, [], f"bench_{BURST}")[0][0]:
            if time.monotonic() > deadline:
                raise BenchFailed("The job worker did not start.")
            time.sleep(0.1)
        yield


def sign_up_all(server: WebServer) -> list[float]:
    """The seconds that each waited for the answer. Raises BenchFailed unless it leads to the new organisation."""
    page, cookie = ask(server, "GET", "", {})
    token = TOKEN.search(page)
    if token is None:
        raise BenchFailed("The form has no token against forgery.")
    start = Barrier(SIGN_UPS)

    def run(number: int) -> float:
        slug = f"club-number-{number}"
        owner = {"name": "Ada Club", "email": f"ada@{slug}.example", "password": "plenty of rocket fuel"}
        form = {"organisation": f"Club {number}", "slug": slug, **owner, "csrfmiddlewaretoken": token[1]}
        # Fifty people at fifty addresses: one address may not sign so many up.
        headers = {**FORM, "Cookie": cookie, "X-Forwarded-For": f"198.51.100.{number}"}
        start.wait()
        began = time.perf_counter()
        ask(server, "POST", urlencode(form), headers)
        return time.perf_counter() - began

    with ThreadPoolExecutor(SIGN_UPS) as pool:
        return list(pool.map(run, range(SIGN_UPS)))


def ask(server: WebServer, method: str, body: str, headers: dict[str, str]) -> tuple[str, str]:
    """The page, and its cookie. Raises BenchFailed for a form that is not answered by a redirect."""
    connection = HTTPConnection(ADDRESS, server.port, timeout=ANSWER_SECONDS)
    try:
        connection.request(method, "/sign-up/", body, {"Host": "localhost", **headers})
        answer = connection.getresponse()
        page = answer.read().decode()
    finally:
        connection.close()
    if answer.status != {"GET": 200, "POST": 302}[method]:
        log = tail(server.log)
        raise BenchFailed(f"{method} of the sign-up form was answered {answer.status}. The server's log:\n{log}")
    return page, (answer.getheader("Set-Cookie") or "").partition(";")[0]
