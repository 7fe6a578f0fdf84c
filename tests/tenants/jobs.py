"""Jobs that the tests defer: each records where it ran and what it found there."""

from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.models import User
from tenants.context import public, required
from tenants.tasks import tenant_task

done: list[tuple[str, str]] = []


def work() -> dict[str, str]:
    """
    Run waiting jobs, as the worker process does, and return each job's state by its task.

    Periodic jobs, which the worker adds when a minute begins, are left out: they carry a timestamp.
    """
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()):
        app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False, concurrency=1)
    with public():
        jobs = ProcrastinateJob.objects.exclude(args__has_key="timestamp").order_by("pk")
        return dict(jobs.values_list("task_name", "status"))


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
