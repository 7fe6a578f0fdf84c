"""How fast hosts that lead nowhere are answered: a flood of them would have the processor, as it takes no turns."""

from threading import Lock
from time import monotonic, sleep


class Pace:
    """So many answers a second. What comes faster waits for its moment, for `most_seconds` at most: each that waits
    keeps a thread, so what comes faster still is answered at once.
    """

    def __init__(self, *, per_second: float, most_seconds: float) -> None:
        self.gap, self.most_seconds = 1 / per_second, most_seconds
        self._lock = Lock()
        self._next = 0.0

    def keep(self) -> None:
        """Wait for the next moment."""
        with self._lock:
            now = monotonic()
            seconds = max(0, self._next - now)
            if seconds > self.most_seconds:
                return
            self._next = now + seconds + self.gap
        sleep(seconds)
