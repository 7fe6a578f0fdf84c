"""The turn of one request: how long it has waited, run and rested."""

from threading import Event
from time import monotonic

from shared.measures import measure

# A request that has run for so long mostly waits for the database. It no longer counts towards the share.
SLOW_SECONDS = 1


class Crowded(Exception):
    """Too many requests wait, and most of them are the organisation's."""


class Turn:
    """One request: it waits until it is called, then runs; or it is refused, unless it has been answered in part."""

    def __init__(self, *, is_admitted: bool = False) -> None:
        self.is_admitted, self.is_refused = is_admitted, False
        self.began: float | None = None
        self.came = monotonic()
        # How long it has rested while it ran, and for how much of its time.
        self.rested = self.rested_for = 0.0
        # Set when it is called or refused, or when its waiting time has changed.
        self.stirred = Event()

    def call(self) -> None:
        self.began = monotonic()
        self.stir()

    def refuse(self) -> None:
        self.is_refused = True
        measure("crowded")
        self.stir()

    def stir(self) -> None:
        self.stirred.set()

    @property
    def is_called(self) -> bool:
        """Does it run? Raises Crowded if it never will."""
        if self.is_refused:
            raise Crowded
        return self.began is not None

    def is_over(self) -> None:
        """Reset it, so that it can be called again."""
        self.began = None
        self.rested = self.rested_for = 0.0
        self.stirred.clear()

    @property
    def waited(self) -> float:
        """For how many seconds it waited until it was called."""
        return self.began - self.came if self.began is not None else 0

    @property
    def seconds(self) -> float:
        """How long it has run, without its rests."""
        return monotonic() - self.began - self.rested if self.began is not None else 0

    @property
    def owed(self) -> float:
        """How long it has run since its last rest."""
        return min(self.seconds - self.rested_for, SLOW_SECONDS)

    @property
    def is_slow(self) -> bool:
        return self.seconds > SLOW_SECONDS
