"""Jobs that the tests defer: each records where it ran and what it found there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app, procrastinate_app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicRegistry

from profiles.models import User
from tenants.context import public, required
from tenants.tasks import RETRY_STALLED, tenant_task

done: list[tuple[str, str]] = []


@contextmanager
def without_periodic_jobs() -> Iterator[None]:
    """Which of them are due is up to the clock. A worker has the app itself, not the proxy that is imported.

    One is left, which is due on the 29th of February: without any, procrastinate does not notice that a worker has lost
    its heartbeat.
    """
    registry = PeriodicRegistry()
    registry.register_task(app.tasks[RETRY_STALLED], cron="0 0 29 2 *", periodic_id="", configure_kwargs={})
    with patch.object(procrastinate_app.current_app, "periodic_registry", registry):
        yield


@contextmanager
def worker_app() -> Iterator[App]:
    """The app with a worker's own connections, and without periodic jobs."""
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()), without_periodic_jobs():
        yield app


def work() -> dict[str, str]:
    """Run waiting jobs, as the worker process does, and return each job's state by its task."""
    with worker_app():
        app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False, concurrency=1)
    with public():
        return dict(ProcrastinateJob.objects.order_by("pk").values_list("task_name", "status"))


@tenant_task
def greet(pk: int) -> str:
    """The address of the member with this primary key, which every organisation has."""
    email = User.objects.get(pk=pk).email
    done.append((required().slug or "", email))
    return email


@tenant_task
def sweep() -> None:
    """Nothing, but fails."""
    raise LookupError("on purpose")


@tenant_task(retry=RetryStrategy(max_attempts=3, wait=7))
def fragile() -> None:
    """Fails, and may be tried again."""
    raise LookupError("on purpose")


@tenant_task(queue="mail", priority=-1)
def later() -> None:
    """Behind everything else in its queue."""


@tenant_task(lock="restless", queueing_lock="restless", retry=RetryStrategy(max_attempts=3))
def restless() -> None:
    """Asks to be done once more while it runs, and fails then."""
    done.append((required().slug or "", "restless"))
    if len(done) == 1:
        restless.defer()
        raise LookupError("on purpose")


@tenant_task
def undecided() -> None:
    """Defers a job in a transaction that is rolled back."""
    with transaction.atomic():
        greet.defer(pk=1)
        raise LookupError("on purpose")


@tenant_task(lock="report", queueing_lock="report")
def report() -> None:
    """One at a time in each organisation."""
