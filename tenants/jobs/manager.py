"""procrastinate's job manager, without its gaps: each job that begins has an end, or a worker at it."""

from collections.abc import Iterable
from typing import Any

from procrastinate.app import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

SERVES = "INSERT INTO tenants_worker (id, queues) VALUES (%(worker_id)s, %(queues)s) ON CONFLICT DO NOTHING"


class OutcomeLost(RuntimeError):
    """A job has ended, and PostgreSQL does not know: the job would stay `doing` for as long as this worker lives."""


class ReliableJobManager(JobManager):
    """What workers and `defer()` ask. One for a process, whose workers share it."""

    def __init__(self, connector: Any) -> None:
        super().__init__(connector)
        self._lost: BaseException | None = None
        self._seen: set[int] = set()

    def batch_defer_jobs(self, jobs: list[Job], connection: Any | None = None) -> list[Job]:
        """Defer in Django's transaction, also in a worker, which has connections of its own for the queue.

        There procrastinate would commit the job at once: another worker could look for the row that the job is about
        before it is committed, find none, and forget the job.
        """
        if isinstance(self.connector, PsycopgConnector) and connection is None:
            return JobManager(DjangoConnector()).batch_defer_jobs(jobs)
        return super().batch_defer_jobs(jobs, connection)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """None also if another worker has just begun a job with the same lock: procrastinate would end this worker.

        The first time it writes down which queues the worker serves, for tenants/readiness/findings.py.
        """
        if worker_id not in self._seen:
            served = list(queues) if queues else None
            await self.connector.execute_query_async(SERVES, worker_id=worker_id, queues=served)
            self._seen.add(worker_id)
        try:
            return await super().fetch_job(queues, worker_id)
        except UniqueViolation:
            return None

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        try:
            await super().finish_job(job, status, delete_job)
        except Exception as error:
            self._lost = error
            raise

    async def retry_job(self, job: Job, *args: Any, **options: Any) -> None:
        """Put a job back into the queue. Where another one with its queueing lock waits there, that one does the work,
        and this one is deleted.
        """
        try:
            await super().retry_job(job, *args, **options)
        except UniqueViolation:  # of its queueing lock
            await self.finish_job(job, Status.ABORTED, delete_job=True)
        except Exception as error:
            self._lost = error
            raise

    async def update_heartbeat(self, worker_id: int) -> None:
        """Raises OutcomeLost, which ends the worker: its jobs are then stalled, and begun again by another one."""
        if self._lost is not None:
            raise OutcomeLost("What came of a job could not be written down.") from self._lost
        await super().update_heartbeat(worker_id)


def install(app: App) -> None:
    """Have procrastinate's app use it: the setting PROCRASTINATE_ON_APP_READY."""
    app.job_manager = ReliableJobManager(app.connector)
