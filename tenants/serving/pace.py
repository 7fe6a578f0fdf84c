"""Limits how fast requests are refused: those take no turns, so a flood of them would use up the processor."""

from threading import Lock
from time import monotonic, sleep


class Pace:
    """Allows `per_second` answers. Requests that come faster wait, for `most_seconds` at most. Since each waiting
    request keeps a thread, requests that would wait longer are answered at once.
    """

    def __init__(self, *, per_second: float, most_seconds: float) -> None:
        self.gap, self.most_seconds = 1 / per_second, most_seconds
        self._lock = Lock()
        self._next = 0.0

    def keep(self) -> None:
        """Wait until the next answer is allowed."""
        with self._lock:
            now = monotonic()
            seconds = max(0, self._next - now)
            if seconds > self.most_seconds:
                return
            self._next = now + seconds + self.gap
        sleep(seconds)
