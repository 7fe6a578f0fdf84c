"""Jobs of an organisation's people."""

from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate import RetryStrategy

from profiles.models import OutgoingMail, User
from tenants.tasks import tenant_task


@tenant_task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver(pk: int) -> None:
    """Send a message that waits, and forget it; retried for about a day. One that is gone has been sent.

    At least once: a worker that dies between sending and forgetting leaves it to be sent again.
    """
    mail = OutgoingMail.objects.filter(pk=pk).first()
    if mail is None:
        return
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to])
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()
    mail.delete()


@tenant_task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_verification(pk: int) -> None:
    """Mail the link that proves an e-mail address, unless that is proved, or gone, already."""
    from profiles.verification import verify

    with transaction.atomic():
        for address in EmailAddress.objects.filter(pk=pk, verified=False).select_related("user"):
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
