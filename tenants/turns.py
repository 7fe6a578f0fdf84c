"""Turns: organisations share a process fairly, so that one which floods it slows itself down and not the others.

Fewer requests run than there are threads: the other threads are where one waits, and cost next to nothing. Each
organisation has a line of its own; the next turn goes to the one that has the fewest running, and some places are left
to others, as one may have nothing but slow requests. A line has an end: behind it one is told to come back.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event, Lock

from django.conf import settings


class Crowded(Exception):
    """So many requests of this organisation wait already that one more would only wait longer."""


class Turns:
    """Who may run: `places` at once, of which one organisation has `most`; of each, `longest` wait at most."""

    def __init__(self, *, places: int, most: int, longest: int) -> None:
        self.places, self.most, self.longest = places, most, longest
        self._lock = Lock()
        self._running: Counter[str] = Counter()
        # Those who have waited longest come first.
        self._lines: OrderedDict[str, deque[Event]] = OrderedDict()

    @contextmanager
    def taken(self, organisation: str) -> Iterator[None]:
        """Run when it is this organisation's turn. Raises Crowded, at once, where its line is full."""
        if turn := self._enter(organisation):
            turn.wait()
        try:
            yield
        finally:
            self._leave(organisation)

    def _enter(self, organisation: str) -> Event | None:
        """None to run now, or what to wait for."""
        with self._lock:
            if self._running.total() < self.places and self._running[organisation] < self.most:
                self._running[organisation] += 1
                return None
            if len(self._lines.get(organisation, ())) >= self.longest:
                raise Crowded
            self._lines.setdefault(organisation, deque()).append(turn := Event())
            return turn

    def _leave(self, organisation: str) -> None:
        """Give the place to whoever is next."""
        with self._lock:
            self._running[organisation] -= 1
            self._running += Counter()  # forgets those who have none
            following = min(self._lines, key=lambda each: self._running[each], default=None)
            if following is not None and self._running[following] < self.most:
                self._running[following] += 1
                self._call(following)

    def _call(self, organisation: str) -> None:
        """Tell the first in its line to run, and have the other organisations come first the next time."""
        line = self._lines[organisation]
        line.popleft().set()
        self._lines.move_to_end(organisation)
        if not line:
            del self._lines[organisation]


@cache
def turns() -> Turns:
    """This process's."""
    return Turns(**settings.TURNS)
