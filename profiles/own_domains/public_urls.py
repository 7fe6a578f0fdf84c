"""Where the proxy asks. CertificateMiddleware answers the proxy; all others get here.

Since the addresses are listed, the secret is cut out of every log (shared/secret_paths.py).
"""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import path


@login_not_required
def refuse(_request: HttpRequest, key: str = "") -> NoReturn:  # noqa: ARG001  of the address
    raise Http404


urlpatterns = [
    path("tls/allowed", refuse, name="tls_allowed"),
    path("tls/allowed/<str:key>", refuse, name="tls_allowed_by_secret"),
]
