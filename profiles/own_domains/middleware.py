"""Answers the proxy's questions about certificates, under whatever name it asks: `http://web:8000/tls/allowed`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from profiles.own_domains.certificates import answer, may_ask

PATH = "/tls/allowed"


class CertificateMiddleware:
    """Comes before all others: the question takes no turn, needs no host and is not redirected to https.

    A question of anyone else goes on like every request, and finds no page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(PATH) and "domain" in request.GET and may_ask(request, path.removeprefix(f"{PATH}/")):
            return answer(request)
        return self.get_response(request)
