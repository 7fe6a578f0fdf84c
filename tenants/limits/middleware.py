"""The response to a request over a rate limit."""

from collections.abc import Callable
from http import HTTPStatus
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.limits.counting import TooOften


class LimitMiddleware:
    """Answers TooOften with an error page. A form that shows the error itself gets only the status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if wait := getattr(request, "has_to_wait", 0):
            refused(response, wait)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_often(request, wait=error.wait) if isinstance(error, TooOften) else None


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """The error page for a person who has to wait for so many seconds."""
    response = render(request, "429.html", {"minutes": ceil(wait / 60)})
    refused(response, wait)
    return response


def refused(response: HttpResponse, wait: int) -> None:
    """Set status 429 and Retry-After on a page, for programs. A redirect keeps its status, so that people reach the
    page with the error.
    """
    if response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response["Retry-After"] = str(wait)
