"""The queues of the requests that wait for their turn: one for each organisation, and how many may wait."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    # It has been answered in part, and is not refused any more.
    is_admitted: bool


T = TypeVar("T", bound=Waiting)


class Queues(OrderedDict[str, deque[T]], Generic[T]):
    """By organisation; those that have waited longest for a turn come first. No queue is empty.

    Each waiting request keeps a thread. So at most `longest` wait in all queues of more than `short` together: however
    many organisations flood, there are threads left for the others.
    """

    def __init__(self, *, short: int, longest: int) -> None:
        super().__init__()
        self.short, self.longest = short, longest

    def join(self, organisation: str, waiting: T) -> None:
        self.setdefault(organisation, deque()).append(waiting)

    def first(self, organisation: str) -> T:
        """Take out the one that has waited longest. The organisation's next one comes after all other organisations."""
        first = self[organisation].popleft()
        self.move_to_end(organisation)
        self._tidy(organisation)
        return first

    def remove(self, organisation: str, waiting: T) -> None:
        self[organisation].remove(waiting)
        self._tidy(organisation)

    def surplus(self) -> Iterator[T]:
        """Take out those that are too many: each time, of the longest queue, the one that came last."""
        while sum(map(len, (queues := self._long()).values())) > self.longest:
            organisation = max(queues, key=lambda name: len(queues[name]))
            self.remove(organisation, last := queues[organisation][-1])
            yield last

    def _long(self) -> dict[str, list[T]]:
        """The queues of more than `short`, as far as their requests can be refused."""
        queues = {name: [each for each in queue if not each.is_admitted] for name, queue in self.items()}
        return {name: queue for name, queue in queues.items() if len(queue) > self.short}

    def _tidy(self, organisation: str) -> None:
        if not self[organisation]:
            del self[organisation]
