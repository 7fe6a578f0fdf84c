"""The job of a run that has more rows than one batch."""

from profiles.bulk_actions.changes import go_on
from tenants.tasks import tenant_task


@tenant_task(name="profiles.bulk_actions", retry=3)
def work(run: str) -> None:
    """Batch after batch, each kept: a job that is tried again goes on where it was."""
    while not go_on(run).is_over:
        pass
