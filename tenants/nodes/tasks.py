"""The job that places an organisation, and the organisations that have one."""

import logging
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tenants.context import public
from tenants.models import Tenant
from tenants.nodes.engine import node_named, require_cluster
from tenants.nodes.errors import Busy, NotPlaced
from tenants.nodes.placing import bring, place_of
from tenants.organisations.operating import note
from tenants.tasks import defer_once

logger = logging.getLogger(__name__)

PLACE = "tenants.place_organisation"
COORDINATOR = "n0"  # Citus numbers it 0.
# A `migrate` or another placing ends by itself. All else is for an operator, who retries the job.
RETRY = RetryStrategy(wait=60, retry_exceptions=[Busy])


# `schema_name` has the job listed among the organisation's own, and deleted with it.
@app.task(name=PLACE, lock=PLACE, priority=-1, retry=RETRY)
def place_organisation(*, schema_name: str, node: str) -> None:
    """Place it on this node, or with "" take it back. A job whose worker was killed goes on where it stopped."""
    with public():
        tenant = Tenant.objects.get(schema_name=schema_name)
    try:
        require_cluster()
        before = place_of(tenant)
        bring(tenant, node_named(node) if node else None, logger.info)
    except NotPlaced as error:
        note("console.not_placed", tenant, reason=("", " ".join(str(error).split())))
        raise
    note("console.placed", tenant, node=(before or COORDINATOR, node or COORDINATOR))


def ask(tenant: Tenant, node: str) -> None:
    """Queue the job, in the current transaction. Raises ValidationError if one waits or runs for this organisation."""
    job = latest_jobs([tenant.schema_name]).get(tenant.schema_name)
    if job is not None and job.status != "failed":
        raise ValidationError(_("It is already being placed."))
    placing = place_organisation.configure(queueing_lock=f"{PLACE}:{tenant.schema_name}")
    if not defer_once(placing, schema_name=tenant.schema_name, node=node):
        raise ValidationError(_("It is already being placed."))


def latest_jobs(schemas: Sequence[str]) -> dict[str, ProcrastinateJob]:
    """The latest job of each of these organisations, unless it has succeeded or was cancelled."""
    rows = ProcrastinateJob.objects.filter(task_name=PLACE, args__schema_name__in=list(schemas)).order_by("pk")
    with public():
        found = {row.args["schema_name"]: row for row in rows}
    return {schema: row for schema, row in found.items() if row.status in ("todo", "doing", "failed")}
