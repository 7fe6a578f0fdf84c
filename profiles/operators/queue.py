"""The job queue for operators: how many jobs of each kind wait, run, are stalled and have failed; retry and cancel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from tenants.context import public
from tenants.models import Tenant
from tenants.readiness.findings import HEARTBEAT_SECONDS

# So many of a kind are retried or cancelled at once; the button can be pressed again.
MOST = 1_000
SHOWN = 20


@dataclass(frozen=True)
class Job:
    """A job with the organisation that it is of; None for one of the installation itself."""

    row: ProcrastinateJob
    tenant: Tenant | None
    is_stalled: bool


def is_dead() -> Q:
    """Jobs that a worker has begun which gives no sign of life."""
    late = timezone.now() - timedelta(seconds=HEARTBEAT_SECONDS)
    return Q(status="doing") & (Q(worker=None) | Q(worker__last_heartbeat__lt=late))


def kinds() -> list[Any]:
    """A line for each kind of job that there is. One statement."""
    with public():
        rows = ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"])
        counted = rows.values("task_name", "queue_name").annotate(
            waiting=Count("pk", filter=Q(status="todo")),
            running=Count("pk", filter=Q(status="doing")),
            stalled=Count("pk", filter=is_dead()),
            failed=Count("pk", filter=Q(status="failed")),
            attempts=Max("attempts"),
        )
        return list(counted.order_by("-failed", "-stalled", "task_name", "queue_name"))


def some(task: str = "", status: str = "failed") -> "QuerySet[ProcrastinateJob]":
    """Jobs of a kind, or of all kinds; the newest first."""
    rows = ProcrastinateJob.objects.filter(is_dead() if status == "stalled" else Q(status=status))
    return (rows.filter(task_name=task) if task else rows).order_by("-pk")


def with_tenants(rows: Iterable[ProcrastinateJob]) -> list[Job]:
    rows = list(rows)
    names = {row.args.get("schema_name") for row in rows}
    with public():
        tenants = {each.schema_name: each for each in Tenant.objects.filter(schema_name__in=names)}
    late = timezone.now() - timedelta(seconds=HEARTBEAT_SECONDS)
    return [
        Job(
            row,
            tenants.get(row.args.get("schema_name")),
            row.status == "doing" and (row.worker is None or row.worker.last_heartbeat < late),
        )
        for row in rows
    ]


def jobs_of(tenant: Tenant) -> list[ProcrastinateJob]:
    """The latest jobs of one organisation that wait, run or have failed."""
    with public():
        rows = ProcrastinateJob.objects.filter(args__schema_name=tenant.schema_name)
        return list(rows.exclude(status="succeeded").order_by("-pk")[:SHOWN])


def retry(jobs: "QuerySet[ProcrastinateJob]") -> int:
    """Queue failed and stalled jobs again; returns how many."""
    dead = jobs.filter(Q(status="failed") | is_dead())
    return sum(retried(pk) for pk in keys(dead))


def retried(pk: int) -> bool:
    """Not if another job with its queueing lock waits, nor if it has ended or was retried in this moment."""
    try:
        with public(), transaction.atomic():
            app.job_manager.retry_job_by_id(pk, timezone.now())
    except ConnectorException as error:
        if isinstance(error.__cause__, OperationalError):
            raise
        return False
    return True


def cancel(jobs: "QuerySet[ProcrastinateJob]") -> int:
    """Cancel jobs that wait; returns how many. One that a worker has begun in this moment goes on."""
    with public():
        return sum(app.job_manager.cancel_job_by_id(pk) for pk in keys(jobs.filter(status="todo")))


def keys(jobs: "QuerySet[ProcrastinateJob]") -> list[int]:
    with public():
        return list(jobs.order_by("pk").values_list("pk", flat=True)[:MOST])
