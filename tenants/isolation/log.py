"""Log lines that name their organisation, host, request and member."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import LazyObject, empty

from shared import request_ids
from tenants.context import PUBLIC_SCHEMA, schema_name

# Keys in a request's META, for logging after the request: gunicorn gets the same dict.
TENANT = "tenants.tenant"
USER = "tenants.user"
NO_HOST = NO_USER = "-"

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def about(request: HttpRequest) -> Iterator[None]:
    """Make all log lines inside the block name the request's host, and its member as soon as that one is known."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)
        request.META[USER] = user_of(request)


def host_of(request: HttpRequest) -> str:
    """The request's host name, or "-" if it is invalid."""
    try:
        return split_domain_port(request.get_host())[0] or NO_HOST
    except DisallowedHost:
        return NO_HOST


def user_of(request: HttpRequest) -> str:
    """The primary key of the request's member, or "-" as long as no code has asked for them: a line of the log sends
    no statement.
    """
    user: Any = request.__dict__.get("user")
    if user is None or (isinstance(user, LazyObject) and user._wrapped is empty):
        return NO_USER
    return NO_USER if user.pk is None else str(user.pk)


class TenantFilter(logging.Filter):
    """Adds `tenant`, the schema's name, `host`, `request_id` and `user`, a primary key, to each record.

    Django logs responses with a status of 400 and above after the request has left its organisation. So the record's
    request, if it has one, takes precedence over the current one.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)  # runserver puts a socket there
        if isinstance(request, HttpRequest):
            record.tenant, record.request_id = request.META.get(TENANT, PUBLIC_SCHEMA), request_ids.of(request)
        else:
            request = _request.get()
            record.tenant, record.request_id = schema_name(), request_ids.current()
        record.host = host_of(request) if request else NO_HOST
        record.user = user_of(request) if request else NO_USER
        return True
