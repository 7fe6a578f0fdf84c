"""Requests that wait for their turns, in threads."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from tenants.serving.turns import Turns


class Crowd:
    """Requests in threads, each of which ends when it is told to; the order in which they got their turns."""

    def __init__(self, **limits: int) -> None:
        self.turns = Turns(**limits)
        self.began: list[str] = []
        self.pool = ThreadPoolExecutor(50)
        self.ends: dict[str, Event] = {}
        self.futures: dict[str, Future[None]] = {}

    def comes(self, name: str) -> "Future[None]":
        """`acme 1` is a request of acme's; it waits or runs when this returns."""
        arrived = self.lengths()
        self.ends[name] = Event()
        self.futures[name] = future = self.pool.submit(self.run, name)
        until(lambda: self.lengths() > arrived or future.done())
        return future

    def run(self, name: str) -> None:
        with self.turns.taken(name.split(maxsplit=1)[0]):
            self.began.append(name)
            assert self.ends[name].wait(10)

    def goes(self, name: str, future: "Future[None]") -> None:
        self.ends[name].set()
        future.result(10)

    def disperses(self) -> None:
        """All go, without a rest between them."""
        for end in self.ends.values():
            end.set()

        def is_gone() -> bool:
            self.turns._floods.clear()
            self.turns.look_again()
            return all(future.done() for future in self.futures.values())

        until(is_gone)
        self.pool.shutdown()

    def lengths(self) -> int:
        with self.turns._lock:
            return sum(map(len, [*self.turns._running.values(), *self.turns._lines.values()]))


def until(condition) -> None:
    ended = Event()
    for _ in range(1000):
        if condition():
            return
        ended.wait(0.005)
    raise AssertionError("It did not happen.")
