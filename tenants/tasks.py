"""Jobs: a tenant_task runs in the organisation that queued it, and stalled jobs are queued again."""

import logging
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from inspect import signature
from typing import Any

from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job, Status
from procrastinate.retry import get_retry_strategy

from shared import request_ids
from shared.capabilities.registry import imported
from tenants import context
from tenants.errors import SchemaIncomplete, TenantGone, TenantIsSandbox, TenantSuspended, TenantUnreachable
from tenants.isolation.timeouts import limited

logger = logging.getLogger(__name__)

# After how many seconds a job is tried again whose tenant is being migrated, is suspended, or is on a lost server.
LATER: dict[type[BaseException], int] = {SchemaIncomplete: 60, TenantSuspended: 3600, TenantUnreachable: 60}


class TenantTask:
    """A job that runs in the tenant that deferred it."""

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        name: str = "",
        retry: Any = False,
        lock: str | None = None,
        queueing_lock: str | None = None,
        **options: Any,
    ) -> None:
        self.function = context.eager(function)
        self.locks = {"lock": lock, "queueing_lock": queueing_lock}
        name = name or context.name_of(function)
        self.signature = signature(function)
        self.task = app.task(name=name, retry=RetryInTenant(retry), **options)(self.run)

    def __call__(self, **arguments: Any) -> Any:
        """Run the job now, in the current tenant, without the queue."""
        return self.function(**arguments)

    @property
    def names(self) -> list[str]:
        """The names of this task's jobs in the queue: its present name and its former ones."""
        return [self.task.name, *self.task.aliases]

    def defer(self, **arguments: Any) -> int:
        """Queue the job in the current transaction and tenant, and return its id. Raises NoTenant outside all tenants,
        and TypeError for arguments that the function does not take.

        Arguments are stored in `public`: pass primary keys, never names, addresses or tokens. Locks apply within the
        tenant. If a job with the same `queueing_lock` waits already, it raises AlreadyEnqueued, and the transaction
        stays usable; defer_once() returns False then. Organisations take turns within a queue and priority
        (tenants/jobs/lanes.py). In a sandbox nothing is queued, and the id is 0.
        """
        return self._defer(arguments)

    def defer_at(self, when: datetime, **arguments: Any) -> int:
        """The same, but not before this time. Of the jobs with a `queueing_lock`, one waits for each time."""
        return self._defer(arguments, when)

    def defer_once(self, **arguments: Any) -> bool:
        """Queue the job unless one with its `queueing_lock` waits already; returns whether it was queued."""
        try:
            self._defer(arguments)
        except AlreadyEnqueued:
            return False
        return True

    def _defer(self, arguments: dict[str, Any], when: datetime | None = None) -> int:
        tenant = context.required()
        self.signature.bind(**arguments)
        if tenant.is_sandbox:
            return 0
        schema_name = tenant.schema_name
        locks = {name: f"{schema_name}:{lock}" for name, lock in self.locks.items() if lock}
        if when and "queueing_lock" in locks:
            locks["queueing_lock"] += f":{when.astimezone(UTC).isoformat()}"
        job = {"schema_name": schema_name, "arguments": arguments}
        if (request_id := request_ids.current()) != request_ids.NO_ID:
            job["request_id"] = request_id
        with context.public(), transaction.atomic() if "queueing_lock" in locks else nullcontext():
            return self.task.configure(**locks, schedule_at=when).defer(**job)

    def run(self, *, schema_name: str, arguments: dict[str, Any], request_id: str = "", **_later: Any) -> Any:
        """The worker calls this. Raises TenantGone, which marks the job as failed, if the tenant no longer exists.

        `request_id` is the id of the request that queued the job, for the log. What a later release adds to jobs is
        ignored: its web may be restarted before this worker.
        """
        with request_ids.carried(request_id), context.within(workable(schema_name)), limited("job"):
            return self._run(arguments)

    def _run(self, arguments: dict[str, Any]) -> Any:
        """Run inside the blocks that capabilities put around each job."""
        with ExitStack() as blocks:
            for block in imported("around_jobs"):
                blocks.enter_context(block(self.task.name))
            return self.function(**arguments)


def defer_once(job: Any, **arguments: Any) -> bool:
    """The same for a job of no organisation: a task of procrastinate's, or what its `configure()` returns."""
    try:
        with context.public(), transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def workable(schema_name: str) -> Any:
    """The tenant of a job. Raises TenantGone or TenantIsSandbox, or TenantSuspended or SchemaIncomplete, which are
    temporary.
    """
    from tenants.models import Tenant

    with context.public():
        tenant = Tenant.objects.standing().filter(schema_name=schema_name).first()
    if tenant is None:
        raise TenantGone(f"This job was for {schema_name}, which no longer exists.")
    if tenant.is_sandbox:
        raise TenantIsSandbox(f"This job was for {schema_name}, which is a sandbox now.")
    if tenant.state == Tenant.State.SUSPENDED:
        raise TenantSuspended(f"{schema_name} is suspended. Its jobs wait until it is active again.")
    if not tenant.is_complete:
        raise SchemaIncomplete(
            f"{schema_name} is not at the state of this code. Its jobs wait for `manage.py migrate`."
        )
    return tenant


class RetryInTenant(BaseRetryStrategy):
    """A task's own retry strategy, except that a removed tenant or a sandbox ends the job, and a suspended, unmigrated
    or unreachable one delays it.
    """

    def __init__(self, own: Any) -> None:
        self.own = get_retry_strategy(own)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, TenantGone | TenantIsSandbox):
            return None
        if (seconds := LATER.get(type(exception))) is not None:
            return RetryDecision(retry_in={"seconds": seconds})
        return self.own.get_retry_decision(exception=exception, job=job) if self.own else None


def tenant_task(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Make a function a job of the current tenant: `@tenant_task` or `@tenant_task(queue="mail", retry=3)`.

    Raises TypeError for `async def`, for generators, and for a function without a name by which the worker finds it.

    Options are procrastinate's: https://procrastinate.readthedocs.io/en/stable/howto/basics/tasks.html
    """
    if function is None:
        return lambda function: TenantTask(function, **options)
    return TenantTask(function, **options)


# A job that kills its worker each time, for instance by using too much memory, is given up after so many attempts.
MOST_ATTEMPTS = 20
RETRY_STALLED = "tenants.retry_stalled"


# No `lock`: the job that held it may itself be stalled.
@app.periodic(cron="* * * * *")
@app.task(name=RETRY_STALLED, queue="urgent", queueing_lock=RETRY_STALLED)
async def retry_stalled(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Queue jobs again whose worker was killed or has lost the database: no heartbeat for 30 seconds."""
    for job in await app.job_manager.get_stalled_jobs():
        logger.warning("The worker of job %s, %s, is gone.", job.id, job.task_name)
        await give_back(job)


async def give_back(job: Job) -> None:
    """Queue a stalled job again, or mark it as failed after MOST_ATTEMPTS."""
    if job.attempts >= MOST_ATTEMPTS:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        return
    await app.job_manager.retry_job(job)
