"""Nightly deletion: `@nightly` registers a function, and one job per organisation calls all of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from tenants.context import public, within
from tenants.eager import eager
from tenants.models import Tenant
from tenants.tasks import tenant_task

Function = TypeVar("Function", bound=Callable[..., Any])

# Rows deleted per transaction, so that each transaction is short and locks few rows.
BATCH = 1_000

_nightly: list[Callable[[], Any]] = []


def nightly(function: Function) -> Function:
    """Register a function that is called without arguments in each active organisation, once a night. Raises TypeError
    for a coroutine or generator function: its code would not run.

    @nightly
    def forget_old_drafts():
        delete_in_batches(Draft.objects.filter(updated__lt=kept_since("drafts")))
    """
    _nightly.append(eager(function))
    return function


def kept_since(what: str) -> datetime:
    """The time before which rows of this kind are deleted (setting KEPT_DAYS)."""
    return timezone.now() - timedelta(days=settings.KEPT_DAYS[what])


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete these rows in batches; returns how many. With nothing to delete it costs one statement."""
    gone, some = 0, rows.order_by().values_list("pk", flat=True)[:BATCH]
    while keys := list(some.all()):
        rows.model._base_manager.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


# Lower priority than all jobs that a person waits for.
@tenant_task(name="tenants.clean_up", aliases=["profiles.tasks.clean_up"], queueing_lock="clean_up", priority=-1)
def clean_up() -> None:
    """Call all registered functions, also after one has failed. Raises ExceptionGroup with all failures."""
    failures: list[Exception] = []
    for function in _nightly:
        try:
            function()
        except Exception as error:  # noqa: BLE001  raised below, once the others are done
            failures.append(error)
    if failures:
        raise ExceptionGroup("Nightly work of an organisation failed.", failures)


CLEAN_UP = "tenants.clean_up_everywhere"


@app.periodic(cron="17 3 * * *")
@app.task(name=CLEAN_UP, aliases=["profiles.clean_up_everywhere"], queueing_lock=CLEAN_UP)
def clean_up_everywhere(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Queue one job per active organisation, so that each succeeds or fails alone.

    Suspended organisations are skipped: they create no new rows.
    """
    end_jobs()
    with public():
        tenants = list(Tenant.objects.active())
    for tenant in tenants:
        # Yesterday's job may still be waiting.
        with within(tenant):
            clean_up.defer_once()


# Workers delete successful jobs at once (PROCRASTINATE_WORKER_DEFAULTS). Deleting a job deletes its events too.
OLD_JOBS = f"""
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT id FROM procrastinate_jobs job WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted')
    AND NOT EXISTS (SELECT FROM procrastinate_events WHERE job_id = job.id AND at > %s) LIMIT {BATCH})
"""  # noqa: S608  our own number


def end_jobs() -> int:
    """Delete all organisations' jobs that failed, or were cancelled or aborted, before KEPT_DAYS; returns how many."""
    gone, since = 0, kept_since("jobs")
    with public(), connection.cursor() as cursor:
        while True:
            cursor.execute(OLD_JOBS, [since])
            if not cursor.rowcount:
                return gone
            gone += cursor.rowcount
