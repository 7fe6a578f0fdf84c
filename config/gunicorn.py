"""How gunicorn serves in production: `gunicorn --config python:config.gunicorn config.wsgi`."""

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from gunicorn.http.errors import ParseException

from config import access_log

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
# PostgreSQL has to allow workers times WEB_PLACES connections, and some more (tenants/serving/parking.py).
workers = int(os.environ.get("WEB_CONCURRENCY", os.cpu_count() or 1))
# WEB_PLACES of the threads work; in the others, requests wait for their turn (tenants/serving/turns.py).
threads = int(os.environ.get("WEB_THREADS", "64"))
# In memory: with the heartbeat file on a busy disk, workers would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  gunicorn's own advice for containers
# Workers restart now and then, not all at the same time, so that leaked memory is freed.
max_requests = 10_000
max_requests_jitter = 1_000
accesslog = "-"
access_log_format = access_log.FORMAT
logger_class = access_log.AccessLogger
# Its default is in the home folder, which the container's user does not have.
control_socket_disable = True


def on_starting(_server: object) -> None:
    """Before the first worker starts, check that the demo's accounts are closed and static files are collected.
    Otherwise exit with a sentence. Then import all views, whose memory the workers share.
    """
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connection, connections

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        from shared.capabilities.registry import call, tell
        from shared.static_files import uncollected

        for refusal in filter(None, call("before_production")):
            sys.exit(refusal)
        if missing := uncollected():
            sys.exit(f"{missing[0]} is not in {settings.STATIC_ROOT}: run `manage.py collectstatic` first.")
        tell("serving", "on_starting")
        for urls in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF, settings.OPERATORS_URLCONF):
            import_module(urls)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    finally:
        connections.close_all()
        connection.close_pool()  # type: ignore[attr-defined]  # our backend's
    gc.freeze()  # Looking for garbage writes into each object: workers would soon have copies of all.


def pre_fork(server: Any, worker: Any) -> None:
    """Give the process a number that no other one has: the smallest, so that there are few of them in all."""
    taken = {other.number for other in server.WORKERS.values()}
    worker.number = next(number for number in count(1) if number not in taken)


def post_fork(_server: Any, worker: Any) -> None:
    from shared.capabilities.registry import tell

    tell("serving", "post_fork", worker.number)


def post_request(_worker: Any, _request: Any, environ: dict[str, Any], _response: Any) -> None:
    """The response is sent. A body that nothing has read does not keep the thread."""
    from shared.receiving import discard

    with suppress(ParseException):
        discard(environ)


def child_exit(_server: Any, worker: Any) -> None:
    from shared.capabilities.registry import tell

    tell("serving", "child_exit", worker.number)


def on_exit(_server: Any) -> None:
    from shared.capabilities.registry import tell

    tell("serving", "on_exit")
