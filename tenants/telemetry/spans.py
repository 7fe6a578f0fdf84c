"""Spans of requests, jobs and statements, with their organisation and without personal data.

The libraries' own instrumentations are not used: they replace functions, and send whole addresses, tokens in them too.
"""

# ruff: noqa: ARG001  receivers have the signature that Django calls

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from shared import request_ids
from tenants.context import schema_name
from tenants.isolation.log import NO_USER, TENANT, USER

tracer = trace.get_tracer("tenants")


@contextmanager
def of_request(request: HttpRequest) -> Iterator[Span]:
    """Goes on with the trace that `traceparent` names: https://www.w3.org/TR/trace-context/"""
    parent = propagate.extract(request.headers)
    kind, attributes = SpanKind.SERVER, {"http.request.method": request.method or ""}
    with tracer.start_as_current_span(request.method or "-", parent, kind=kind, attributes=attributes) as span:
        yield span


def finish(span: Span, request: HttpRequest, status: int) -> None:
    """Say what is known at the end. An address is the pattern of its view: `people/<str:username>/`."""
    match = request.resolver_match
    if match:
        span.update_name(f"{request.method} {match.route}")
        span.set_attribute("http.route", match.route)
    span.set_attribute("http.response.status_code", status)
    span.set_attribute("tenant", request.META.get(TENANT, "-"))
    span.set_attribute("request.id", request_ids.of(request))
    if (user := request.META.get(USER, NO_USER)) != NO_USER:
        span.set_attribute("enduser.id", user)
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))


@contextmanager
def of_job(task: str) -> Iterator[None]:
    attributes = {"tenant": schema_name(), "request.id": request_ids.current(), "messaging.system": "procrastinate"}
    kind = SpanKind.CONSUMER
    with tracer.start_as_current_span(
        task, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield
        except Exception as error:
            # The class alone: messages quote values.
            span.set_attribute("error.type", type(error).__qualname__)
            span.set_status(Status(StatusCode.ERROR))
            raise


def trace_statements(sender: Any, connection: Any, **others: Any) -> None:
    """A receiver of connection_created."""
    if of_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(of_statement)


def of_statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, about: Any) -> Any:
    """One span per statement, within a request or job. Its text has placeholders where the values are."""
    if not trace.get_current_span().is_recording():
        return execute(sql, params, many, about)
    text = str(sql)
    attributes = {"db.system.name": "postgresql", "db.query.text": text, "db.namespace": schema_name()}
    with tracer.start_as_current_span(
        text.split(maxsplit=1)[0] if text.strip() else "-",
        kind=SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
    ):
        return execute(sql, params, many, about)
