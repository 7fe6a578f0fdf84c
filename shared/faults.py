"""Error pages that replace the requested page. Except for the first three, they do not use the database."""

import logging
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.defaults import page_not_found, permission_denied, server_error

from shared.encodings import forget_form

# The text of 500.html without its dependencies, such as templates and static files, which may be broken.
BARE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Something went wrong</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
</head>
<body>
  <h1>Something went wrong</h1>
  <p>This was our mistake, and we have been notified. Please try again in a few minutes. Everything you saved before is
  safe.</p>
</body>
</html>
"""


logger = logging.getLogger(__name__)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403, without the form: Django's page checks the token in it, and fails if it cannot be parsed."""
    forget_form(request)
    return permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404, without the form. At an unknown address, this page is the first to read it."""
    forget_form(request)
    return page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """The page with status 500; a bare one if 500.html cannot be rendered either, for instance without static files."""
    try:
        forget_form(request)
        return server_error(request)
    except Exception:
        logger.exception("500.html cannot be rendered: a bare page is sent.")
        return HttpResponseServerError(BARE)


def unavailable() -> HttpResponse:
    """The page of an organisation whose schema is incomplete.

    In development this happens after a model or an app was added; the page and the log say what to do.
    """
    command = "manage.py migrate" if settings.DEBUG else ""
    if command:
        logger.warning("The organisation lacks tables of the code's models. Run `%s`.", command)
    return come_back("shared/unavailable.html", seconds=60, command=command)


def busy() -> HttpResponse:
    """The page for a request that took too long, or was refused for lack of capacity."""
    return come_back("shared/busy.html", seconds=5)


def late() -> HttpResponse:
    """The page for a browser that did not send its whole body."""
    return ready_made("shared/late.html", 408)


def outage() -> HttpResponse:
    """The page while the database is not available."""
    return come_back("shared/outage.html", seconds=60)


def no_files() -> HttpResponse:
    """The page while the storage of files is not available."""
    return come_back("shared/no_files.html", seconds=60)


def unknown_host() -> HttpResponse:
    """The page for a host without an organisation."""
    return ready_made("shared/unknown_host.html", 404, public_url=settings.BASE_URL)


def come_back(template: str, *, seconds: int, **context: str) -> HttpResponse:
    response = ready_made(template, 503, **context)
    response["Retry-After"] = str(seconds)
    return response


def ready_made(template: str, status: int, **context: str) -> HttpResponse:
    """A page that is rendered once per language, so that it stays cheap in a flood of requests."""
    body = rendered(template, get_language(), **context)
    return HttpResponse(body, status=status, headers={"Content-Length": str(len(body))})


@cache
def rendered(template: str, _language: str | None, **context: str) -> bytes:
    return render_to_string(template, context).encode()
