"""Log lines that name their organisation and host."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port

from tenants.context import PUBLIC_SCHEMA, schema_name

# Key of the organisation's schema in a request's META, for logging after the request: gunicorn gets the same dict.
TENANT = "tenants.tenant"
NO_HOST = "-"

_host: ContextVar[str] = ContextVar("host", default=NO_HOST)


@contextmanager
def on_host_of(request: HttpRequest) -> Iterator[None]:
    """Make all log lines inside the block name the request's host."""
    token = _host.set(host_of(request))
    try:
        yield
    finally:
        _host.reset(token)


def host_of(request: HttpRequest) -> str:
    """The request's host name, or "-" if it is invalid."""
    try:
        return split_domain_port(request.get_host())[0] or NO_HOST
    except DisallowedHost:
        return NO_HOST


class TenantFilter(logging.Filter):
    """Adds `tenant`, the schema's name, and `host` to each record.

    Django logs responses with a status of 400 and above after the request has left its organisation. So the record's
    request, if it has one, takes precedence over the current tenant.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)  # runserver puts a socket there
        if isinstance(request, HttpRequest):
            record.tenant, record.host = request.META.get(TENANT, PUBLIC_SCHEMA), host_of(request)
        else:
            record.tenant, record.host = schema_name(), _host.get()
        return True
