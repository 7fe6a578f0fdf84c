"""The answer to a request that has done something too often."""

from collections.abc import Callable
from http import HTTPStatus
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.limits.counting import TooOften


class LimitMiddleware:
    """Answers TooOften with the page that says so; a form that says so itself is given the status."""

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
    """The page for somebody who has to wait so many seconds."""
    response = render(request, "429.html", {"minutes": ceil(wait / 60)})
    refused(response, wait)
    return response


def refused(response: HttpResponse, wait: int) -> None:
    """Have a page say to programs as well that it was too often. A redirect leads to where people read it."""
    if response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response["Retry-After"] = str(wait)
