"""Jobs of an organisation's people."""

from django.core.mail import EmailMultiAlternatives
from procrastinate import RetryStrategy

from profiles.models import OutgoingMail
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
