"""Turns: organisations share a process fairly, so that a flood of requests slows down its own organisation only.

Fewer requests run than there are threads; in the other threads requests wait, which costs next to nothing. Each
organisation has its own queue. The next turn goes to the organisation with the fewest running requests. None can take
all places, since its requests may all be slow. The queues have a maximum length (queues.py); further requests are
refused (503).

While several organisations are active, each gets an equal share of the places for requests that began less than
SLOW_SECONDS ago, which is when requests mostly compute. An organisation with a queue longer than the places floods.
While others are active, one request of all floods together runs at a time, and they back off for as long as it ran,
times the number of those others: several floods get the share of one organisation together, and never less than a
place's (make bench ARGS="--only neighbours" has the figures). They back off in small parts, while the request runs
(resting.py), and after it.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from threading import Lock
from time import monotonic

from django.conf import settings

from shared.measures import measure
from tenants.serving.queues import Queues
from tenants.serving.turn import SLOW_SECONDS, Crowded, Turn

# An organisation counts as active while a request of it waits, and for so long after its last one.
THERE_SECONDS = 1
# Less than that is not rested for at once.
LEAST_SECONDS = 0.002


class Turns:
    """At most `places` requests run, at most `most` of one organisation. At most `longest` of each wait, and of all
    organisations together that flood.
    """

    def __init__(self, *, places: int, most: int, longest: int) -> None:
        self.places, self.most, self.longest = places, most, longest
        self._lock = Lock()
        self._running: dict[str, set[Turn]] = {}
        self._lines: Queues[Turn] = Queues(short=min(places, longest), longest=longest)
        # The organisations that flood, and until when they back off.
        self._floods: set[str] = set()
        self._pause = 0.0
        # The time of each organisation's last request, in that order.
        self._seen: OrderedDict[str, float] = OrderedDict()
        # How many requests of each organisation wait for something else, without a place.
        self._paused: Counter[str] = Counter()

    @contextmanager
    def taken(self, organisation: str, *, is_admitted: bool = False) -> Iterator[None]:
        """Run when it is this organisation's turn. Raises Crowded if it is refused: at once if its queue is the
        longest, or when others that flood need the threads.
        """
        turn = Turn(is_admitted=is_admitted)
        self.enter(organisation, turn)
        self._wait(organisation, turn)
        try:
            with running(self, organisation, turn):
                yield
        finally:
            self.leave(organisation, turn)

    @contextmanager
    def paused(self, organisation: str, turn: Turn) -> Iterator[None]:
        """Give up the place during the block, and wait for a turn again after it. Raises Crowded, at once, if `longest`
        requests of the organisation are paused already: each keeps a thread.
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
            turn.is_admitted = True  # It must not be refused halfway.
            self.enter(organisation, turn)
            self._wait(organisation, turn)

    def state(self) -> tuple[int, int, float]:
        """The number of free places and of waiting requests, and how many seconds the first of those has waited."""
        with self._lock:
            waiting = [turn for line in self._lines.values() for turn in line]
            free = self.places - sum(map(len, self._running.values()))
            return free, len(waiting), monotonic() - min((turn.came for turn in waiting), default=monotonic())

    def enter(self, organisation: str, turn: Turn) -> None:
        """Join the organisation's queue. The turn is called, or refused, at once if it can be."""
        with self._lock:
            self._see(organisation)
            turn.came = monotonic()
            self._lines.join(organisation, turn)
            self._call()
            for other in self._lines.surplus():
                other.refuse()

    def _wait(self, organisation: str, turn: Turn) -> None:
        """Raises Crowded if it is refused."""
        while not turn.is_called:
            if not turn.stirred.wait(self.patience(organisation)):
                self.look_again()
            turn.stirred.clear()
        measure("turn", turn.waited)

    def is_flood(self, organisation: str) -> bool:
        return organisation in self._floods

    def rest_within(self, organisation: str, turn: Turn) -> float:
        """For how many seconds the running request rests now. Only floods rest, and only beside others."""
        with self._lock:
            self._see(organisation)
            if (owed := turn.owed) < LEAST_SECONDS or not self._makes_room(organisation):
                return 0
            rest = owed * self._shares_of_others()
            turn.rested_for = turn.seconds
            turn.rested += rest
            return rest

    def look_again(self) -> None:
        """Check again for turns that may run: a back-off may have ended, or a running request become slow."""
        with self._lock:
            self._call()

    def leave(self, organisation: str, turn: Turn) -> None:
        """Free the place for the next turn, or leave the queue if the turn has not been called yet."""
        with self._lock:
            self._see(organisation)
            if turn.began is None:
                if not turn.is_refused:
                    self._lines.remove(organisation, turn)
                return
            self._running[organisation].remove(turn)
            if not self._running[organisation]:
                del self._running[organisation]
            measure("place", turn.seconds, organisation)
            self._rest(organisation, turn.owed)
            turn.is_over()
            self._call()

    def _rest(self, organisation: str, seconds: float) -> None:
        """Back off from now on, if the organisation floods: from a queue longer than the places until it has none."""
        line = self._lines.get(organisation)
        if line and self._floods_now(organisation):
            self._floods.add(organisation)
            self._pause = max(self._pause, monotonic() + seconds * self._shares_of_others())
            line[0].stir()
        elif not line:
            self._floods.discard(organisation)

    def _shares_of_others(self) -> int:
        """How many active organisations do not flood, but no more than there are other places."""
        others = sum(not self._floods_now(name) for name in self._seen)
        return max(1, min(others, self.places - 1))

    def _floods_now(self, organisation: str) -> bool:
        return organisation in self._floods or len(self._lines.get(organisation, ())) > self.places

    def patience(self, organisation: str) -> float:
        """After how many seconds to check again, if the turn is not called before."""
        left = self._pause - monotonic() if organisation in self._floods else 0
        return left if 0 < left < SLOW_SECONDS else SLOW_SECONDS

    def _call(self) -> None:
        """Give the free places to the next turns."""
        while sum(map(len, self._running.values())) < self.places:
            following = min(filter(self._may_run, self._lines), key=self._number, default=None)
            if following is None:
                return
            turn = self._lines.first(following)
            self._running.setdefault(following, set()).add(turn)
            turn.call()

    def _may_run(self, organisation: str) -> bool:
        """May one more request of the organisation run?"""
        running = self._running.get(organisation, ())
        share = max(1, self.places // len(self._seen))
        has_share = sum(not turn.is_slow for turn in running) >= share
        return len(running) < self.most and not has_share and not self._is_resting(organisation)

    def _is_resting(self, organisation: str) -> bool:
        if not self._makes_room(organisation):
            return False
        flooding = (turn for other in self._floods for turn in self._running.get(other, ()))
        return self._pause > monotonic() or any(not turn.is_slow for turn in flooding)

    def _makes_room(self, organisation: str) -> bool:
        """Floods back off only while an organisation is active that does not flood."""
        return organisation in self._floods and not self._seen.keys() <= self._floods

    def _number(self, organisation: str) -> int:
        return len(self._running.get(organisation, ()))

    def _see(self, organisation: str) -> None:
        """Note that the organisation is active, and drop those that no longer are.

        One that waits is: with several floods, each may wait for seconds until it is its turn.
        """
        now = monotonic()
        while organisation:
            self._seen[organisation] = now
            self._seen.move_to_end(organisation)
            organisation = self._drop_until(now - THERE_SECONDS)

    def _drop_until(self, then: float) -> str:
        """Drop those that were last active before. Stops at one that waits, and returns its name."""
        while self._seen[oldest := next(iter(self._seen))] < then:
            if oldest in self._lines:
                return oldest
            del self._seen[oldest]
            self._floods.discard(oldest)
        return ""


@cache
def turns() -> Turns:
    """This process's turns."""
    return Turns(**settings.TURNS)


@cache
def health_turns() -> Turns:
    """Turns for health checks: one at a time, beside all other requests, and never refused."""
    return Turns(places=1, most=1, longest=settings.WEB_THREADS)


# The turn of the running request, if it has one: Turns, organisation, Turn.
running_turn: ContextVar[tuple[Turns, str, Turn]] = ContextVar("running")


@contextmanager
def running(turns: Turns, organisation: str, turn: Turn) -> Iterator[None]:
    """Remember the running turn, for paused()."""
    token = running_turn.set((turns, organisation, turn))
    try:
        yield
    finally:
        running_turn.reset(token)


@contextmanager
def paused() -> Iterator[None]:
    """Give up the running request's place while it waits for something else than the database or the processor. Raises
    Crowded, at once, if too many wait in this way already. Without a running turn, as in a command, it does nothing.
    """
    if (own := running_turn.get(None)) is None:
        yield
        return
    turns, organisation, turn = own
    with turns.paused(organisation, turn):
        yield
