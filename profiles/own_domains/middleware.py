"""Answers the proxy's questions about certificates, under whatever name it asks: `http://web:8000/tls/allowed`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from profiles.own_domains.certificates import answer

PATH = "/tls/allowed"


class CertificateMiddleware:
    """Comes before all others: the question takes no turn, needs no host and is not redirected to https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PATH):
            return answer(request, request.path_info.removeprefix(PATH).strip("/"))
        return self.get_response(request)
