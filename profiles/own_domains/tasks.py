"""Jobs: each minute one for each organisation with a domain that is due; it asks the name servers."""

from procrastinate.contrib.django import app

from profiles.own_domains.looking import look
from profiles.own_domains.models import OwnDomain
from profiles.own_domains.settling import settle
from tenants.context import public, required, within
from tenants.models import Tenant
from tenants.tasks import tenant_task

DUE = "own_domains.queue_checks"


@tenant_task(name="own_domains.check", queue="domains", lock="own_domains", queueing_lock="own_domains")
def check_domains() -> None:
    """Check those of the organisation's domains that are due. No transaction is open while a name server is asked."""
    tenant = required()
    with public():
        due = list(OwnDomain.objects.due().filter(tenant=tenant))
    for domain in due:
        settle(domain, look(domain))


@app.periodic(cron="* * * * *")
@app.task(name=DUE, queueing_lock=DUE)
def queue_checks(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """One statement where nothing is due. A job that was lost is queued again the next minute."""
    with public():
        tenants = list(Tenant.objects.filter(pk__in=OwnDomain.objects.due().values("tenant")))
    for tenant in tenants:
        with within(tenant):
            check_domains.defer_once()
