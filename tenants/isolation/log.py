"""Log lines that say of which organisation and host they are."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port

from tenants.context import PUBLIC_SCHEMA, schema_name

# What a request's META says of its organisation, to those who log it afterwards: gunicorn gets the same dict.
TENANT = "tenants.tenant"
NO_HOST = "-"

_host: ContextVar[str] = ContextVar("host", default=NO_HOST)


@contextmanager
def on_host_of(request: HttpRequest) -> Iterator[None]:
    """Have all lines within name the request's host."""
    token = _host.set(host_of(request))
    try:
        yield
    finally:
        _host.reset(token)


def host_of(request: HttpRequest) -> str:
    """The host name that was asked for, or "-" where it is none."""
    try:
        return split_domain_port(request.get_host())[0] or NO_HOST
    except DisallowedHost:
        return NO_HOST


class TenantFilter(logging.Filter):
    """Adds `tenant`, the schema's name, and `host` to each record.

    Django logs an answer of status 400 and above when the request has left its organisation: what the record says of
    the request counts first.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)  # runserver puts a socket there
        if isinstance(request, HttpRequest):
            record.tenant, record.host = request.META.get(TENANT, PUBLIC_SCHEMA), host_of(request)
        else:
            record.tenant, record.host = schema_name(), _host.get()
        return True
