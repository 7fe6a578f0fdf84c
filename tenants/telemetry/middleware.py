"""A span around each request."""

from contextlib import AbstractContextManager
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry import trace

from shared.middleware import Around
from tenants.telemetry.spans import finish, of_request


class TraceMiddleware(Around):
    def around(self, request: HttpRequest) -> AbstractContextManager[Any]:
        return of_request(request)

    def answered(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        finish(trace.get_current_span(), request, response.status_code)
        return response
