"""The job that sends a message and deletes it."""

from django.core.mail import EmailMultiAlternatives
from procrastinate import RetryStrategy

from profiles.models import OutgoingMail
from tenants.context import required
from tenants.tasks import tenant_task

# Retries for about a day.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
# Prevents automatic replies: https://www.rfc-editor.org/rfc/rfc3834#section-5
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


@tenant_task(name="profiles.deliver", aliases=["profiles.tasks.deliver"], queue="mail", retry=RETRY)
def deliver(pk: int) -> None:
    """Send a waiting message, and delete its row. A message without a row has been sent already.

    Delivery is at least once: if a worker dies between sending and deleting, the message is sent again, with the same
    Message-ID, by which mail programs recognise it. Messages that could not be sent within a day are kept
    (profiles/mail/unsent.py). A sandbox sends none.
    """
    if required().is_sandbox:
        return
    mail = OutgoingMail.objects.filter(pk=pk).first()
    if mail is None:
        return
    headers = {"Message-ID": mail.message_id, **AUTOMATIC, **mail.headers}
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()
    mail.delete()
