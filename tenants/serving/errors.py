"""Errors of the database and the storage of files that have their own error page, with status 503."""

import sys
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg import errors

from shared.faults import busy, no_files, outage, unavailable
from tenants.errors import SchemaIncomplete, StorageUnavailable
from tenants.serving import hosts

# The errors of the timeouts in tenants/isolation/timeouts.py, and of transactions that wait for each other, of which
# PostgreSQL ends one.
TIMED_OUT = (
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.IdleInTransactionSessionTimeout,
    errors.DeadlockDetected,
)


def page_for(error: BaseException | None) -> Callable[[], HttpResponse] | None:
    """The function that renders the page for an incomplete schema, a timeout, a lost database or a lost storage; None
    for others.
    """
    if isinstance(error, SchemaIncomplete):
        return unavailable
    if isinstance(error, DatabaseError) and isinstance(error.__cause__, TIMED_OUT):
        return busy
    if isinstance(error, StorageUnavailable):
        return no_files
    return outage if isinstance(error, OperationalError) else None


def note_error(request: HttpRequest, **kwargs: Any) -> None:  # noqa: ARG001  what a signal sends
    """Make the middleware answer with that page, whether a view or another middleware raised the error.

    Django logs the exception as usual. The next request looks a host up again whose organisation has no schema: it may
    have been removed, and its address taken by another one.
    """
    error = sys.exc_info()[1]
    if isinstance(error, SchemaIncomplete):
        hosts.drop(hosts.normalise(request.get_host()))
    if page := page_for(error):
        request.answer_instead = page  # type: ignore[attr-defined]  # a TenantRequest


got_request_exception.connect(note_error, dispatch_uid="tenants.serving.errors")
