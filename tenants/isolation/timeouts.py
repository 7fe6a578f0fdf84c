"""Timeouts for statements, locks and idle transactions, by kind of work: request, job, migration and so on.

They cannot be settings of a tenant's role: PostgreSQL applies a role's settings at login, not at SET ROLE.
https://www.postgresql.org/docs/current/sql-set-role.html
"""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import NamedTuple

from django.conf import settings

from tenants.context import block


class Timeouts(NamedTuple):
    """PostgreSQL's settings of these names, with units ("10s"); None stands for the server's own setting."""

    statement_timeout: str | None = None
    lock_timeout: str | None = None
    idle_in_transaction_session_timeout: str | None = None


UNLIMITED = Timeouts()

_timeouts: ContextVar[Timeouts] = ContextVar("timeouts", default=UNLIMITED)


def current() -> Timeouts:
    """The timeouts of the running code."""
    return _timeouts.get()


@block
def limited(kind: str) -> Iterator[None]:
    """Work under the timeouts of this kind of work (setting TIMEOUTS)."""
    token = _timeouts.set(Timeouts(*settings.TIMEOUTS[kind]))
    try:
        yield
    finally:
        _timeouts.reset(token)
