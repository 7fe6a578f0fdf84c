"""Where long work may pause, so that others go first: pause(). Who pauses, and for how long, the server decides
(tenants/serving/resting.py). For all others, a pause costs less than 0.1 µs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_pausing: ContextVar[Callable[[], None] | None] = ContextVar("pausing", default=None)


def pause() -> None:
    """Called between two parts of long work, such as two statements or two rows of a page."""
    if (wait := _pausing.get()) is not None:
        wait()


@contextmanager
def pausing(wait: Callable[[], None]) -> Iterator[None]:
    """In this block, each pause() calls this."""
    token = _pausing.set(wait)
    try:
        yield
    finally:
        _pausing.reset(token)
