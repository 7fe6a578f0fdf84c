"""Jobs: every five minutes one for each organisation with an email domain that is due; it asks the name servers."""

from procrastinate.contrib.django import app

from profiles.mail_domains import joining  # noqa: F401  has a job
from profiles.mail_domains.models import MailDomain
from profiles.mail_domains.settling import look, settle
from tenants.context import public, required, within
from tenants.models import Tenant
from tenants.tasks import tenant_task

DUE = "mail_domains.queue_checks"


@tenant_task(name="mail_domains.check", queue="mail_domains", lock="mail_domains", queueing_lock="mail_domains")
def check_mail_domains() -> None:
    """Check those of the organisation's domains that are due. No transaction is open while a name server is asked."""
    tenant = required()
    with public():
        due = list(MailDomain.objects.due().filter(tenant=tenant))
    for domain in due:
        settle(domain, look(domain))


@app.periodic(cron="*/5 * * * *")
@app.task(name=DUE, queueing_lock=DUE)
def queue_mail_domains(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """One statement where nothing is due. A job that was lost is queued again five minutes later."""
    with public():
        tenants = list(Tenant.objects.filter(pk__in=MailDomain.objects.due().values("tenant")))
    for tenant in tenants:
        with within(tenant):
            check_mail_domains.defer_once()
