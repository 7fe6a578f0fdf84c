"""The load generator: a fixed number of requests over a few open connections, in a closed loop; then it ends.

Reads a plan as JSON from standard input and writes what happened to standard output. Knows no Django: it must
cost little next to the server. It connects to the loopback address and nowhere else.
"""

import json
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import BinaryIO, TypedDict

ADDRESS = "127.0.0.1"
ANSWER_SECONDS = 60


class Request(TypedDict):
    """One page, as somebody who is signed in."""

    host: str
    path: str
    cookie: str


class Result(TypedDict):
    """The seconds of the whole, and of each request."""

    seconds: float
    latencies: list[float]


def run(port: int, requests: list[Request], connections: int) -> Result:
    """Ask for all pages. Raises RuntimeError if one answers anything but 200."""
    queue: SimpleQueue[bytes] = SimpleQueue()
    for request in requests:
        queue.put(encode(request))
    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        workers = [pool.submit(work, port, queue) for _ in range(connections)]
        latencies = [latency for worker in workers for latency in worker.result()]
    return Result(seconds=time.perf_counter() - began, latencies=latencies)


def work(port: int, queue: SimpleQueue[bytes]) -> list[float]:
    """One connection: the next request goes out when the last answer is in."""
    latencies = []
    with socket.create_connection((ADDRESS, port), timeout=ANSWER_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection.makefile("rb") as answers:
            while (request := next_of(queue)) is not None:
                began = time.perf_counter()
                connection.sendall(request)
                read_answer(answers)
                latencies.append(time.perf_counter() - began)
    return latencies


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


def read_answer(answers: BinaryIO) -> None:
    status = answers.readline().decode().split(" ", 2)
    length = 0
    while (line := answers.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if not length or len(answers.read(length)) < length or status[1] != "200":
        raise RuntimeError(f"The server answered {' '.join(status).strip()!r} with {length} bytes.")


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
