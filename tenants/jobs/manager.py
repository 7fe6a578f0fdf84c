"""procrastinate's job manager, corrected: each job that has begun is either running in a live worker or finished. A job
that this worker's release cannot run waits for one that can.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from procrastinate.app import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.tasks import Task

from tenants.jobs import unknown

SERVES = """
INSERT INTO tenants_worker (id, queues, release) VALUES (%(worker_id)s, %(queues)s, %(release)s) ON CONFLICT DO NOTHING
"""


class OutcomeLost(RuntimeError):
    """A job's outcome could not be stored: the job would stay `doing` for as long as this worker lives."""


class ReliableJobManager(JobManager):
    """Used by workers and by `defer()`. The workers of a process share one."""

    def __init__(self, connector: Any, tasks: "dict[str, Task[Any, Any, Any]]") -> None:
        super().__init__(connector)
        self._tasks = tasks
        self._lost: BaseException | None = None
        self._seen: set[int] = set()
        self._warned: set[str] = set()

    def batch_defer_jobs(self, jobs: list[Job], connection: Any | None = None) -> list[Job]:
        """Defer in Django's transaction, also in a worker, whose queue connections are separate.

        procrastinate would commit the job at once there. Another worker could then run it before the row that it is
        about is committed, not find the row, and drop the job.
        """
        if isinstance(self.connector, PsycopgConnector) and connection is None:
            return JobManager(DjangoConnector()).batch_defer_jobs(jobs)
        return super().batch_defer_jobs(jobs, connection)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job that this release can run. Others are put back for a day (tenants/jobs/unknown.py), which
        procrastinate would fail at once, for good.

        The first call stores which queues the worker serves (tenants/readiness/findings.py), and its release.
        """
        if worker_id not in self._seen:
            served = list(queues) if queues else None
            values = {"worker_id": worker_id, "queues": served, "release": settings.RELEASE}
            await self.connector.execute_query_async(SERVES, **values)
            self._seen.add(worker_id)
        while job := await self._fetch(queues, worker_id):
            why = unknown.reason(self._tasks.get(job.task_name), job)
            if not why or not await self._put_back(job, why):
                return job
        return None

    async def _fetch(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """None also if another worker has just begun a job with the same lock: procrastinate would end this worker."""
        try:
            return await super().fetch_job(queues, worker_id)
        except UniqueViolation:
            return None

    async def _put_back(self, job: Job, why: str) -> bool:
        """Queue a job again that this release cannot run, with one warning for each task. False if its day is over."""
        values = {"job_id": job.id, "most_times": unknown.MOST_TIMES}
        try:
            is_back = bool(await self.connector.execute_query_all_async(unknown.PUT_BACK, **values))
        except UniqueViolation:  # of its queueing lock, as in retry_job()
            await self.finish_job(job, Status.ABORTED, delete_job=True)
            return True
        if is_back and job.task_name not in self._warned:
            self._warned.add(job.task_name)
            unknown.warn(job, why)
        return is_back

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        try:
            await super().finish_job(job, status, delete_job)
        except Exception as error:
            self._lost = error
            raise

    async def retry_job(self, job: Job, *args: Any, **options: Any) -> None:
        """Put a job back into the queue. If another job with the same queueing lock waits there, this one is deleted:
        the other one does the work.
        """
        try:
            await super().retry_job(job, *args, **options)
        except UniqueViolation:  # of its queueing lock
            await self.finish_job(job, Status.ABORTED, delete_job=True)
        except Exception as error:
            self._lost = error
            raise

    async def update_heartbeat(self, worker_id: int) -> None:
        """Raises OutcomeLost after a lost outcome, which ends the worker. Its jobs then count as stalled, and another
        worker runs them again.
        """
        if self._lost is not None:
            raise OutcomeLost("The outcome of a job could not be stored.") from self._lost
        await super().update_heartbeat(worker_id)


def install(app: App) -> None:
    """Make procrastinate's app use this manager (setting PROCRASTINATE_ON_APP_READY)."""
    app.job_manager = ReliableJobManager(app.connector, app.tasks)
