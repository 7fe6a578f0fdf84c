"""Jobs of another release: a worker that cannot run one puts it back, for a worker that can.

During a deployment, workers of two releases run for some minutes, and each is given the other's jobs.
"""

import logging
from inspect import signature
from typing import Any

from django.conf import settings
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from tenants.tasks import TenantTask

logger = logging.getLogger(__name__)

# The first wait is a minute, and each is a minute longer than the one before: together, a day.
MOST_TIMES = 53
# It was not tried, so it keeps its attempts: procrastinate's own function would count one. What is counted here is how
# often a worker has been given the job, since it was queued or an operator has retried it.
PUT_BACK = """
WITH given AS (
    SELECT greatest(count(*), 1) AS times FROM procrastinate_events
    WHERE job_id = %(job_id)s AND type = 'started' AND id > coalesce(
        (SELECT max(id) FROM procrastinate_events WHERE job_id = %(job_id)s AND type = 'retried'), 0)
)
UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = now() + given.times * interval '1 minute'
FROM given
WHERE id = %(job_id)s AND status = 'doing' AND NOT abort_requested AND given.times <= %(most_times)s
RETURNING id
"""
WORDS = (
    "Job %s, %s, waits for another worker: release %s of this one %s. Restart the workers of older releases. After a "
    "day without a worker that can run it, it fails; if no release can any more, cancel it."
)


def reason(task: "Task[Any, Any, Any] | None", job: Job) -> str:
    """Why this worker cannot run the job; "" if it can."""
    if task is None:
        return "has no such task"
    own, expected = getattr(task.func, "__self__", None), signature(task.func)
    values: dict[str, Any] = job.task_kwargs
    if isinstance(own, TenantTask):
        expected, values = own.signature, values.get("arguments", {})
    try:
        expected.bind(*[None] * task.pass_context, **values)
    except TypeError as error:
        return f"has this task with other arguments ({error})"
    return ""


def warn(job: Job, why: str) -> None:
    logger.warning(WORDS, job.id, job.task_name, settings.RELEASE, why)
