"""Jobs: tenant_task carries its organisation with it, and no job is lost."""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.retry import get_retry_strategy

from tenants import context
from tenants.errors import SchemaIncomplete, TenantGone, TenantSuspended
from tenants.isolation.timeouts import limited

logger = logging.getLogger(__name__)

# When a job is tried again whose tenant cannot have it done now, in seconds: for as long as that may take.
LATER: dict[type[BaseException], int] = {SchemaIncomplete: 60, TenantSuspended: 3600}


class TenantTask:
    """A job that runs in the tenant from which it was deferred."""

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
        self.task = app.task(name=name, retry=RetryInTenant(retry), **options)(self.run)

    def __call__(self, **arguments: Any) -> Any:
        """Do it here and now, in the current tenant."""
        return self.function(**arguments)

    @property
    def names(self) -> list[str]:
        """What jobs of this task are called in the queue: by its name, and by those that it had before."""
        return [self.task.name, *self.task.aliases]

    def defer(self, **arguments: Any) -> int:
        """Queue the job in the current transaction and tenant, and return its id. Raises NoTenant outside all
        tenants.

        Arguments end up in `public`: pass primary keys, never names, addresses or tokens. Locks are the
        tenant's own. With a `queueing_lock` that is taken, AlreadyEnqueued is raised, and the transaction
        stays usable. Of one queue and priority, organisations are served by turns (tenants/jobs/lanes.py).
        """
        schema_name = context.required().schema_name
        locks = {name: f"{schema_name}:{lock}" for name, lock in self.locks.items() if lock}
        with context.public(), transaction.atomic() if "queueing_lock" in locks else nullcontext():
            return self.task.configure(**locks).defer(schema_name=schema_name, arguments=arguments)

    def run(self, *, schema_name: str, arguments: dict[str, Any]) -> Any:
        """What the worker calls. Raises TenantGone, so that the job is marked as failed and not done
        elsewhere.
        """
        with context.within(workable(schema_name)), limited("job"):
            return self.function(**arguments)


def workable(schema_name: str) -> Any:
    """The tenant of a job. Raises TenantGone, TenantSuspended or SchemaIncomplete, of which the last two may
    pass.
    """
    from tenants.models import Tenant

    with context.public():
        tenant = Tenant.objects.standing().filter(schema_name=schema_name).first()
    if tenant is None:
        raise TenantGone(f"This job was for {schema_name}, which no longer exists.")
    if tenant.state == Tenant.State.SUSPENDED:
        raise TenantSuspended(f"{schema_name} is suspended, and its jobs wait until it is active again.")
    if not tenant.is_complete:
        raise SchemaIncomplete(
            f"{schema_name} is not at the state of this code, and its jobs wait for `manage.py migrate`."
        )
    return tenant


class RetryInTenant(BaseRetryStrategy):
    """A task's own way to retry, which nobody's tenant being gone, suspended or being migrated counts for."""

    def __init__(self, own: Any) -> None:
        self.own = get_retry_strategy(own)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, TenantGone):
            return None
        if (seconds := LATER.get(type(exception))) is not None:
            return RetryDecision(retry_in={"seconds": seconds})
        return self.own.get_retry_decision(exception=exception, job=job) if self.own else None


def tenant_task(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Make a function a job of the current tenant: `@tenant_task` or `@tenant_task(queue="mail", retry=3)`.

    Raises TypeError for one without a name by which the worker finds it, and for `async def` and generators.

    Options are procrastinate's: https://procrastinate.readthedocs.io/en/stable/howto/basics/tasks.html
    """
    if function is None:
        return lambda function: TenantTask(function, **options)
    return TenantTask(function, **options)


# What takes its worker down each time, by its appetite for memory, say, must not do so for ever.
MOST_ATTEMPTS = 20
RETRY_STALLED = "tenants.retry_stalled"


# No `lock`: the one who held it may be what is stalled.
@app.periodic(cron="* * * * *")
@app.task(name=RETRY_STALLED, queue="urgent", queueing_lock=RETRY_STALLED)
async def retry_stalled(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Queue again what workers had begun that were killed, or have lost the database: no heartbeat for 30 seconds."""
    for job in await app.job_manager.get_stalled_jobs():
        logger.warning("The worker of job %s, %s, is gone.", job.id, job.task_name)
        await give_back(job)


async def give_back(job: Job) -> None:
    """Have a stalled job done again, unless that has been tried often."""
    if job.attempts >= MOST_ATTEMPTS:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        return
    await app.job_manager.retry_job(job)
