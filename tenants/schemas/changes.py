"""Around each change of an organisation's tables: what capabilities do there (around_schema_changes)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from shared.capabilities.registry import imported


@contextmanager
def schema_changes() -> Iterator[None]:
    """Around statements that change the current organisation's tables, as the owner."""
    with ExitStack() as blocks:
        for block in imported("around_schema_changes"):
            blocks.enter_context(block())
        yield
