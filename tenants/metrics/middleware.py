"""Counts each request, and answers /metrics to those who may see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from shared.loopback import is_from_here
from shared.measures import observers
from shared.middleware import Around
from tenants.metrics import instruments
from tenants.metrics.page import exposition

PATH = "/metrics"
BEGAN = "tenants.metrics.began"  # key in META


class MetricsMiddleware(Around):
    """Comes before the look-up of hosts: Prometheus asks each process's server by its own name or IP address."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        if instruments.observe not in observers:
            observers.append(instruments.observe)
        self.get_response = self.asynchronous(get_response) if self.is_async else self.synchronous(get_response)

    def synchronous(self, get_response: Any) -> Any:
        return lambda request: exposition() if is_asked_for(request) else get_response(request)

    def asynchronous(self, get_response: Any) -> Any:
        async def answer(request: HttpRequest) -> HttpResponseBase:
            return await sync_to_async(exposition)() if is_asked_for(request) else await get_response(request)

        return answer

    @contextmanager
    def around(self, request: HttpRequest) -> Iterator[None]:
        request.META[BEGAN] = perf_counter()
        instruments.IN_PROGRESS.inc()
        try:
            yield
        finally:
            instruments.IN_PROGRESS.dec()

    def answered(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        match = request.resolver_match
        view = (match.view_name or "-") if match else "-"
        instruments.REQUESTS.labels(view, str(response.status_code), plan_of(request)).inc()
        instruments.REQUEST_SECONDS.labels(view).observe(perf_counter() - request.META[BEGAN])
        return response


def is_asked_for(request: HttpRequest) -> bool:
    """Anyone else gets 404."""
    return request.path_info == PATH and request.method == "GET" and may_see(request)


def may_see(request: HttpRequest) -> bool:
    """Does the request have the bearer token, or come from this machine without a proxy?"""
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(request.headers.get("authorization", ""), f"Bearer {token}"):
        return True
    return is_from_here(request)


def plan_of(request: HttpRequest) -> str:
    tenant = getattr(request, "tenant", None)
    return import_string(settings.METRICS_PLAN)(tenant) if settings.METRICS_PLAN and tenant else ""
