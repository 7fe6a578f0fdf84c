"""What is known of a job that failed, for its report: procrastinate logs the failure when its tenant is left."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared import request_ids
from tenants.context import schema_name

FACTS = "_facts_of_job"


@contextmanager
def remembered(task: str) -> Iterator[None]:
    """Attach organisation, request and task to what the job raises."""
    try:
        yield
    except Exception as error:
        facts = {"tenant": schema_name(), "request_id": request_ids.current(), "job": task}
        error.__dict__.setdefault(FACTS, facts)
        raise
