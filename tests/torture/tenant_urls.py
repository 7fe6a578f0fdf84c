"""An organisation's site map, with a page more, which streams what it asks the database for."""

from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from config import tenant_urls
from config.tenant_urls import handler400, handler403, handler404, handler429, handler500
from profiles.models import User

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


def owners() -> Iterator[str]:
    for _ in range(20):
        yield f"{User.objects.get(username='owner').email}\n"


def stream(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(owners())


urlpatterns = [*tenant_urls.urlpatterns, path("stream/", stream)]
