"""Batches look-ups of concurrent threads: one statement at a time answers all waiting threads."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from threading import Condition
from typing import Generic, TypeVar

T = TypeVar("T")


class LookUps(Generic[T]):
    """One thread looks up all names that are waiting; other threads wait for its answer, or for the next statement.

    So a process needs one connection for any number of names, and no name waits for more than two statements. A name
    is never answered by a statement that began before answer() was called, so it sees everything committed by then.
    """

    def __init__(self, ask: Callable[[Collection[str]], Mapping[str, T]]) -> None:
        self._ask = ask
        self._changed = Condition()
        self._waiting: dict[str, Future[T | None]] = {}
        self._is_asking = False

    def answer(self, name: str) -> T | None:
        """What the database says of this name. Raises what `ask` raised."""
        with self._changed:
            answer = self._waiting.setdefault(name, Future())
            self._changed.wait_for(lambda: answer.done() or not self._is_asking)
            batch = None if answer.done() else self._take()
        if batch is not None:
            self._fill(batch)
        return answer.result()

    def go(self) -> None:
        """Run a look-up now, even if no name waits, unless one is running already. Raises what `ask` raised."""
        with self._changed:
            if self._is_asking:
                return
            batch = self._take()
        self._fill(batch)

    def _take(self) -> dict[str, Future[T | None]]:
        batch, self._waiting, self._is_asking = self._waiting, {}, True
        return batch

    def _fill(self, batch: dict[str, Future[T | None]]) -> None:
        try:
            found = self._ask(batch.keys())
            for name, answer in batch.items():
                answer.set_result(found.get(name))
        except BaseException as error:
            for answer in batch.values():
                answer.set_exception(error)
            raise
        finally:
            with self._changed:
                self._is_asking = False
                self._changed.notify_all()
