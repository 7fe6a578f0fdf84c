"""Turns: organisations share a process fairly, so that one which floods it slows itself down and not the others.

Fewer requests run than there are threads: the other threads are where one waits, and cost next to nothing. Each
organisation has a line of its own; the next turn goes to the one that has the fewest running, and some places are left
to others, as one may have nothing but slow requests. A line has an end: behind it one is told to come back.

While others are there as well, one has its share of the places for requests that have just begun, which is when they
compute; and while one has a line, it rests after each request for as long as that ran. At half of the places a flood
made its neighbours wait 4.1 times as long as in peace, at its share of them 2.3 times, with rests 1.7 times
(make bench ARGS="--only neighbours").
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from math import inf
from threading import Event, Lock
from time import monotonic

from django.conf import settings

# Who asked so many seconds ago is there still.
THERE_SECONDS = 1
# What has run for so long waits for the database more than it computes: it shall not keep its organisation's others.
SLOW_SECONDS = 1


class Crowded(Exception):
    """So many requests of this organisation wait already that one more would only wait longer."""


class Turn:
    """Waits to be called, then runs."""

    def __init__(self) -> None:
        self.began: float | None = None
        self.came = monotonic()
        # It has been called, or may have to wait for something else.
        self.stirred = Event()

    def call(self) -> None:
        self.began = monotonic()
        self.stir()

    def stir(self) -> None:
        self.stirred.set()

    def is_over(self) -> None:
        """Until it is called once more."""
        self.began = None
        self.stirred.clear()

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return monotonic() - self.began if self.began is not None else 0

    @property
    def is_slow(self) -> bool:
        return self.seconds > SLOW_SECONDS


class Turns:
    """Who may run: `places` at once, of which one organisation has `most`; of each, `longest` wait at most."""

    def __init__(self, *, places: int, most: int, longest: int) -> None:
        self.places, self.most, self.longest = places, most, longest
        self._lock = Lock()
        self._running: dict[str, set[Turn]] = {}
        # Those who have waited longest come first.
        self._lines: OrderedDict[str, deque[Turn]] = OrderedDict()
        # Until when those rest who have a line.
        self._rests: dict[str, float] = {}
        # When each asked last, in that order.
        self._seen: OrderedDict[str, float] = OrderedDict()
        # How many of each wait for something else, and have no place.
        self._paused: Counter[str] = Counter()

    @contextmanager
    def taken(self, organisation: str, *, longest: float | None = None) -> Iterator[None]:
        """Run when it is this organisation's turn. Raises Crowded, at once, where its line is full."""
        turn = Turn()
        self.enter(organisation, turn, longest=longest)
        self._wait(organisation, turn)
        try:
            with running(self, organisation, turn):
                yield
        finally:
            self.leave(organisation, turn)

    @contextmanager
    def paused(self, organisation: str, turn: Turn) -> Iterator[None]:
        """Leave the place to others, and run again when it is this turn's turn. Raises Crowded, at once, where as many
        of the organisation are paused as may stand in its line: each of them keeps a thread.
        """
        with self._lock:
            if self._paused[organisation] >= self.longest:
                raise Crowded
            self._paused[organisation] += 1
        self.leave(organisation, turn)
        try:
            yield
        finally:
            with self._lock:
                self._paused[organisation] -= 1
            # It has been let in already, and is not sent away half done.
            self.enter(organisation, turn, longest=inf)
            self._wait(organisation, turn)

    def state(self) -> tuple[int, int, float]:
        """How many places are free, how many requests wait, and for how many seconds the first of them does."""
        with self._lock:
            waiting = [turn for line in self._lines.values() for turn in line]
            free = self.places - sum(map(len, self._running.values()))
            return free, len(waiting), monotonic() - min((turn.came for turn in waiting), default=monotonic())

    def enter(self, organisation: str, turn: Turn, *, longest: float | None = None) -> None:
        """Stand in its line, and be called at once where nothing is before. Raises Crowded as taken() does."""
        longest = self.longest if longest is None else longest
        with self._lock:
            self._see(organisation)
            turn.came = monotonic()
            line = self._lines.setdefault(organisation, deque())
            line.append(turn)
            self._call()
            if len(line) > longest:
                line.pop()
                if not line:
                    del self._lines[organisation]
                raise Crowded

    def _wait(self, organisation: str, turn: Turn) -> None:
        while turn.began is None:
            if not turn.stirred.wait(self.patience(organisation)):
                self.look_again()
            turn.stirred.clear()

    def look_again(self) -> None:
        """It has rested, or one that ran is slow by now."""
        with self._lock:
            self._call()

    def leave(self, organisation: str, turn: Turn) -> None:
        """Give the place to the next one; or step out of the line, if it has not been called yet."""
        with self._lock:
            self._see(organisation)
            if turn.began is None:
                self._step_out(organisation, turn)
                return
            self._running[organisation].remove(turn)
            if not self._running[organisation]:
                del self._running[organisation]
            self._rest(organisation, min(turn.seconds, SLOW_SECONDS))
            turn.is_over()
            self._call()

    def _step_out(self, organisation: str, turn: Turn) -> None:
        line = self._lines[organisation]
        line.remove(turn)
        if not line:
            del self._lines[organisation]

    def _rest(self, organisation: str, seconds: float) -> None:
        """From now on, if others of it wait; for longer where other organisations have lines as well, so that all that
        flood have together what one alone would have.
        """
        if line := self._lines.get(organisation):
            self._rests[organisation] = monotonic() + seconds * min(len(self._lines), self.places)
            line[0].stir()
        else:
            self._rests.pop(organisation, None)

    def patience(self, organisation: str) -> float:
        """After how many seconds to look again, if nobody calls."""
        left = self._rests.get(organisation, 0) - monotonic()
        return left if 0 < left < SLOW_SECONDS else SLOW_SECONDS

    def _call(self) -> None:
        """Give the free places to whoever is next."""
        while sum(map(len, self._running.values())) < self.places:
            following = min(filter(self._may_run, self._lines), key=self._number, default=None)
            if following is None:
                return
            turn = self._lines[following].popleft()
            self._running.setdefault(following, set()).add(turn)
            turn.call()
            self._lines.move_to_end(following)
            if not self._lines[following]:
                del self._lines[following]

    def _may_run(self, organisation: str) -> bool:
        """Whether one more of it may."""
        running = self._running.get(organisation, ())
        share = max(1, self.places // len(self._seen))
        has_share = sum(not turn.is_slow for turn in running) >= share
        return len(running) < self.most and not has_share and not self._is_resting(organisation)

    def _is_resting(self, organisation: str) -> bool:
        """Nobody rests for the sake of nobody."""
        return self._rests.get(organisation, 0) > monotonic() and any(other != organisation for other in self._running)

    def _number(self, organisation: str) -> int:
        return len(self._running.get(organisation, ()))

    def _see(self, organisation: str) -> None:
        """It is there, and who was not for a while is not any more."""
        self._seen[organisation] = now = monotonic()
        self._seen.move_to_end(organisation)
        while next(iter(self._seen.values())) < now - THERE_SECONDS:
            self._seen.popitem(last=False)


@cache
def turns() -> Turns:
    """This process's."""
    return Turns(**settings.TURNS)


@cache
def health_turns() -> Turns:
    """Those of whoever asks how this process is: one at a time, beside all others, and none is sent away."""
    return Turns(places=1, most=1, longest=settings.WEB_THREADS)


# The turn of the running request, if it has one: Turns, organisation, Turn.
_running: ContextVar[tuple[Turns, str, Turn]] = ContextVar("running")


@contextmanager
def running(turns: Turns, organisation: str, turn: Turn) -> Iterator[None]:
    """Remember whose turn it is, for paused()."""
    token = _running.set((turns, organisation, turn))
    try:
        yield
    finally:
        _running.reset(token)


@contextmanager
def paused() -> Iterator[None]:
    """Let the running request wait for something else than the database or the processor: without its place. Raises
    Crowded, at once, where too many wait so already. Where no turn runs, in a command, say, it does nothing.
    """
    if (own := _running.get(None)) is None:
        yield
        return
    turns, organisation, turn = own
    with turns.paused(organisation, turn):
        yield
