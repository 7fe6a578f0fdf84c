"""An organisation's mail in figures: what waits in its schema, and its jobs. Mail is deleted once it is sent."""

from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Count, Max, Min
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.mail.delivery import deliver
from profiles.models import OutgoingMail, Refusal
from tenants.context import public, within
from tenants.isolation.timeouts import limited
from tenants.models import Tenant


@dataclass(frozen=True)
class Mail:
    """`statuses` has the number of jobs by their status. `attempts` is the most that one of them has had."""

    kept: int
    oldest: datetime | None
    refusals: int
    statuses: dict[str, int]
    attempts: int

    @property
    def unsent(self) -> int:
        """Those that no job will send any more (manage.py unsent_mail)."""
        return max(0, self.kept - self.statuses.get("todo", 0) - self.statuses.get("doing", 0))


def mail_of(tenant: Tenant) -> Mail | None:
    """None for an organisation whose tables are not there, or not as this code knows them, or cannot be read now: a
    change of them is under way, or their server is lost. Three statements in a transaction.
    """
    if tenant.state not in (Tenant.State.ACTIVE, Tenant.State.SUSPENDED) or not tenant.is_complete:
        return None
    with public():
        jobs = ProcrastinateJob.objects.filter(task_name__in=deliver.names, args__schema_name=tenant.schema_name)
        counted = list(jobs.values("status").annotate(number=Count("pk"), most=Max("attempts")))
    try:
        with limited("health"), within(tenant), transaction.atomic():
            kept = OutgoingMail.objects.aggregate(number=Count("pk"), oldest=Min("created"))
            refusals = Refusal.objects.count()
    except OperationalError:
        return None
    return Mail(
        kept=kept["number"],
        oldest=kept["oldest"],
        refusals=refusals,
        statuses={each["status"]: each["number"] for each in counted},
        attempts=max((each["most"] for each in counted), default=0),
    )
