"""The load generator: so many requests, or so many seconds, over a few open connections in a closed loop; then it ends.

Reads a plan as JSON from standard input and writes what happened to standard output. Knows no Django: it must
cost little next to the server. It connects to the loopback address and nowhere else.
"""

import json
import socket
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, takewhile
from queue import Empty, SimpleQueue
from typing import BinaryIO, TypedDict

ADDRESS = "127.0.0.1"
ANSWER_SECONDS = 60


class Request(TypedDict):
    """One page, as a person who is signed in."""

    host: str
    path: str
    cookie: str


class Result(TypedDict):
    """The seconds of the whole, and of each request that was answered; how many were refused."""

    seconds: float
    latencies: list[float]
    refused: int


def run(port: int, requests: list[Request], connections: int) -> Result:
    """Ask for all pages. Raises RuntimeError if one answers anything but 200."""
    queue: SimpleQueue[bytes] = SimpleQueue()
    for request in requests:
        queue.put(encode(request))
    return together(connections, lambda: work(port, iter(lambda: next_of(queue), None), {b"200"}))


def during(port: int, requests: list[Request], connections: int, seconds: float, *, may_refuse: bool) -> Result:
    """Ask for these pages over and over, for so many seconds. Raises RuntimeError as run() does; if the server may
    refuse, also where there is nothing, not for 404 and 503.
    """
    end = time.perf_counter() + seconds
    encoded = [encode(request) for request in requests]
    expected = {b"200", b"404", b"503"} if may_refuse else {b"200"}
    return together(
        connections, lambda: work(port, takewhile(lambda _: time.perf_counter() < end, cycle(encoded)), expected)
    )


def together(connections: int, task: Callable[[], tuple[list[float], int]]) -> Result:
    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        done = [worker.result() for worker in [pool.submit(task) for _ in range(connections)]]
    latencies = [latency for own, _ in done for latency in own]
    return Result(seconds=time.perf_counter() - began, latencies=latencies, refused=sum(refused for _, refused in done))


def work(port: int, requests: Iterable[bytes], expected: set[bytes]) -> tuple[list[float], int]:
    """One connection: the next request goes out when the last answer is in."""
    latencies, refused = [], 0
    with socket.create_connection((ADDRESS, port), timeout=ANSWER_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection.makefile("rb") as answers:
            for request in requests:
                began = time.perf_counter()
                connection.sendall(request)
                if read_answer(answers, expected) == b"200":
                    latencies.append(time.perf_counter() - began)
                else:
                    refused += 1
    return latencies, refused


def next_of(queue: SimpleQueue[bytes]) -> bytes | None:
    try:
        return queue.get_nowait()
    except Empty:
        return None


def encode(request: Request) -> bytes:
    lines = (
        f"GET {request['path']} HTTP/1.1",
        f"Host: {request['host']}",
        f"Cookie: session={request['cookie']}",
        "Accept: text/html",
    )
    return "\r\n".join([*lines, "", ""]).encode()


def read_answer(answers: BinaryIO, expected: set[bytes]) -> bytes:
    """The status. Raises RuntimeError for another than is expected, or without a whole body."""
    _, status, said = answers.readline().split(b" ", 2)
    length = 0
    while (line := answers.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if not length or len(answers.read(length)) < length or status not in expected:
        raise RuntimeError(f"The server answered {status.decode()} {said.decode().strip()} with {length} bytes.")
    return status


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    json.dump(during(**plan) if "seconds" in plan else run(**plan), sys.stdout)
