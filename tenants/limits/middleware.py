"""The answer to a request that has done something too often."""

from collections.abc import Callable
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.limits.counting import TooOften


class LimitMiddleware:
    """Answers TooOften with the page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_often(request, wait=error.wait) if isinstance(error, TooOften) else None


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """The page for somebody who has to wait so many seconds."""
    response = render(request, "429.html", {"minutes": ceil(wait / 60)}, status=429)
    response["Retry-After"] = str(wait)
    return response
