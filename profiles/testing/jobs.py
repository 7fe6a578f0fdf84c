"""The job queue in tests."""

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tenants.context import public


def queued_jobs() -> list[ProcrastinateJob]:
    with public():
        return list(ProcrastinateJob.objects.filter(status="todo").order_by("pk"))


def drop_jobs() -> None:
    """Delete all jobs, and what a worker of a test has left of itself."""
    with public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def is_due(job: ProcrastinateJob) -> bool:
    return job.scheduled_at is None or job.scheduled_at <= timezone.now()


def run_jobs() -> int:
    """Run the queued jobs that are due, in the test's transaction, as the worker would call them. Returns how many."""
    done = 0
    while job := next(filter(is_due, queued_jobs()), None):
        app.tasks[job.task_name].func(**job.args)
        with public(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        done += 1
    return done
