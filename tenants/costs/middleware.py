"""Writes down what has been counted, with the connection of a request that is done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenants.costs.counting import counts, start


class CostsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        start()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        counts.write_if_due()
        return response
