"""What the core measures of itself: how long a request waited, how often a connection switched organisations.

`measure()` does not know who listens. While no capability does, it costs less than 0.1 µs.
"""

from typing import Protocol


class Observer(Protocol):
    def __call__(self, name: str, value: float, label: str) -> None: ...


observers: list[Observer] = []


def measure(name: str, value: float = 1, label: str = "") -> None:
    """Tell all observers of one event. `label` is one of few words, such as the name of a limit: never a person or an
    address; of "place" alone, an organisation's schema. An observer must be fast, must not raise, and must not use the
    database.
    """
    for observer in observers:
        observer(name, value, label)
