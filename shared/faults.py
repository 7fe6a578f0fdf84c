"""What people see of a fault of ours."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.views.defaults import server_error

from shared.bodies import forget_form

# In the words of 500.html, which draws on much that may be broken: templates, static files.
BARE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Something broke on our side</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
</head>
<body>
  <h1>Something broke on our side</h1>
  <p>It was not your doing, and we have been told. Please try again in a few minutes; what you had saved before is
  safe.</p>
</body>
</html>
"""


logger = logging.getLogger(__name__)


def broken(request: HttpRequest) -> HttpResponse:
    """The page with status 500; a bare one where 500.html cannot be rendered either, as without static files."""
    try:
        forget_form(request)
        return server_error(request)
    except Exception:
        logger.exception("500.html cannot be rendered: a bare page is sent.")
        return HttpResponseServerError(BARE)
