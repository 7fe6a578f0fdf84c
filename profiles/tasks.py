"""Jobs of an organisation's people."""

from contextlib import suppress

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from profiles.models import OutgoingMail, User
from tenants import limits
from tenants.context import public, within
from tenants.limits import Rate, TooOften
from tenants.models import Tenant
from tenants.tasks import tenant_task


@tenant_task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver(pk: int) -> None:
    """Send a message that waits, and forget it; retried for about a day, then kept (profiles/unsent.py). One that is
    gone has been sent.

    At least once: a worker that dies between sending and forgetting leaves it to be sent again. The Message-ID is
    the same then, by which mail servers and programs know that they have it already.
    """
    mail = OutgoingMail.objects.filter(pk=pk).first()
    if mail is None:
        return
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers={"Message-ID": mail.message_id})
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()
    mail.delete()


@tenant_task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_verification(pk: int) -> None:
    """Mail the link that proves an e-mail address, unless that is proved, or gone, already.

    No more than so many a day to one mailbox, of all organisations together: anybody may sign up with any address. The
    page of one's address sends it all the same.
    """
    from profiles.verification import verify

    with transaction.atomic(), suppress(TooOften):
        for address in EmailAddress.objects.filter(pk=pk, verified=False).select_related("user"):
            limits.take("verification", Rate(*settings.LIMITS["verification"]["mailbox"]), address.email)
            verify(address)


@tenant_task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_reset_link(pk: int) -> None:
    """Mail a member the link that sets a new password, to the address they have now; 0 stands for nobody.

    A job, and one for unknown addresses too: the page that asks for it tells nothing by the time it takes.
    """
    from allauth.account.internal.flows.password_reset import request_password_reset

    member = User.objects.active().filter(pk=pk).first()
    if member is not None:
        request_password_reset(None, member.email, [member], None)


# Behind everything that somebody waits for.
@tenant_task(queueing_lock="clean_up", priority=-1)
def clean_up() -> None:
    """Delete what nobody needs any more: leftover files, and mail that could not be sent."""
    from profiles import leftovers, unsent

    leftovers.sweep()
    unsent.forget()


CLEAN_UP = "profiles.clean_up_everywhere"


@app.periodic(cron="17 3 * * *")
@app.task(name=CLEAN_UP, queueing_lock=CLEAN_UP)
def clean_up_everywhere(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """Have each organisation cleaned up, by a job of its own: each fails and is done alone."""
    with public():
        tenants = list(Tenant.objects.active())
    for tenant in tenants:
        # One of yesterday's waits still.
        with within(tenant), suppress(AlreadyEnqueued):
            clean_up.defer()
