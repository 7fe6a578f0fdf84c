"""Errors of the database that are answered with a page of their own: 503, and come back."""

import sys
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg import errors

from shared.faults import busy, outage, unavailable
from tenants.errors import SchemaIncomplete

# What PostgreSQL raises at the timeouts of tenants/isolation/timeouts.py.
TIMED_OUT = (errors.QueryCanceled, errors.LockNotAvailable, errors.IdleInTransactionSessionTimeout)


def page_for(error: BaseException | None) -> Callable[[], HttpResponse] | None:
    """What makes the page for a schema that turns out not to be whole, a timeout, a lost database; None for others."""
    if isinstance(error, SchemaIncomplete):
        return unavailable
    if isinstance(error, DatabaseError) and isinstance(error.__cause__, TIMED_OUT):
        return busy
    return outage if isinstance(error, OperationalError) else None


def note_error(request: HttpRequest, **kwargs: Any) -> None:  # noqa: ARG001  what a signal sends
    """Have the middleware answer so, whether a view raised the error or another middleware.

    Django logs the exception as it does any other.
    """
    if page := page_for(sys.exc_info()[1]):
        request.answer_instead = page  # type: ignore[attr-defined]  # a TenantRequest


got_request_exception.connect(note_error, dispatch_uid="tenants.serving.errors")
