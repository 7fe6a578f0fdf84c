"""How long a statement, a lock and an idle transaction may take: in a request, a job, a migration, and elsewhere.

A tenant's role cannot carry them: the settings of a role apply when it logs in, not when it is switched to.
https://www.postgresql.org/docs/current/sql-set-role.html
"""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import NamedTuple

from django.conf import settings

from tenants.context import block


class Timeouts(NamedTuple):
    """PostgreSQL's settings of these names, with units ("10s"); None stands for what the server has set."""

    statement_timeout: str | None = None
    lock_timeout: str | None = None
    idle_in_transaction_session_timeout: str | None = None


UNLIMITED = Timeouts()

_timeouts: ContextVar[Timeouts] = ContextVar("timeouts", default=UNLIMITED)


def current() -> Timeouts:
    """Those for the running code."""
    return _timeouts.get()


@block
def limited(kind: str) -> Iterator[None]:
    """Work under the timeouts that the setting TIMEOUTS has for this kind of work."""
    token = _timeouts.set(Timeouts(*settings.TIMEOUTS[kind]))
    try:
        yield
    finally:
        _timeouts.reset(token)
