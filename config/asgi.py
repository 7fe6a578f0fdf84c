"""The application for ASGI servers."""

import os
from typing import Any

import django
from django.core.handlers.asgi import ASGIHandler, ASGIRequest

from config.asgi_access import META
from shared.bodies import bounded


class Request(ASGIRequest):
    """Leaves its META where the access log finds what the middleware has written into it."""

    def __init__(self, scope: dict[str, Any], body_file: Any) -> None:
        super().__init__(scope, body_file)
        scope[META] = self.META


class Handler(ASGIHandler):
    request_class = Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)  # as get_asgi_application()
application = bounded(Handler())
