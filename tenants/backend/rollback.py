"""on_rollback: the counterpart of Django's on_commit, for effects of a transaction outside the database."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction

from tenants.context import bound

logger = logging.getLogger(__name__)

Hook = Callable[[], object]


def on_rollback(function: Hook) -> None:
    """Call `function`, in the tenant that is current now, if this transaction is rolled back.

    It is called when the transaction, or a savepoint that is open now, is rolled back, or the connection is lost. It
    is never called after a commit, nor outside a transaction, where nothing can be rolled back. To write a file, for
    instance, first register its deletion here, then write it.
    """
    transaction.get_connection().on_rollback(function)


class RollbackHooks:
    """Part of a database backend: runs its callbacks on rollback, and drops them when on_commit's run."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._on_rollback: list[tuple[set[str | None], Hook]] = []
        super().__init__(*args, **kwargs)

    def on_rollback(self, function: Hook) -> None:
        if self.in_atomic_block:  # type: ignore[attr-defined]
            self._on_rollback.append((set(self.savepoint_ids), bound(function)))  # type: ignore[attr-defined]

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)  # type: ignore[misc]
        undone = [hook for sids, hook in self._on_rollback if sid in sids]
        self._on_rollback = [(sids, hook) for sids, hook in self._on_rollback if sid not in sids]
        run(undone)

    def rollback(self) -> None:
        super().rollback()  # type: ignore[misc]
        self._undo_all()

    def close(self) -> None:
        super().close()  # type: ignore[misc]
        self._undo_all()

    def run_and_clear_commit_hooks(self) -> None:
        self._on_rollback.clear()
        super().run_and_clear_commit_hooks()  # type: ignore[misc]

    def _undo_all(self) -> None:
        undone = [hook for _, hook in self._on_rollback]
        self._on_rollback.clear()
        run(undone)


def run(hooks: list[Hook]) -> None:
    """Call the newest first, so that effects are undone in reverse order. A failing callback is logged; the others and
    the original exception are not affected.
    """
    for hook in reversed(hooks):
        try:
            hook()
        except Exception:
            logger.exception("A callback of on_rollback() failed.")
