"""The job that sends a message, and forgets it."""

from django.core.mail import EmailMultiAlternatives
from procrastinate import RetryStrategy

from profiles.models import OutgoingMail
from tenants.tasks import tenant_task

# Its failures are tried again for about a day.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
# No program answers it: https://www.rfc-editor.org/rfc/rfc3834#section-5
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


@tenant_task(name="profiles.deliver", aliases=["profiles.tasks.deliver"], queue="mail", retry=RETRY)
def deliver(pk: int) -> None:
    """Send a message that waits, and delete its row. A message without a row has been sent already.

    At least once: a worker that dies between sending and deleting leaves it to be sent again. The Message-ID is
    the same then, by which mail servers and programs know that they have it already. What could not be sent in a day
    is kept (profiles/mail/unsent.py).
    """
    mail = OutgoingMail.objects.filter(pk=pk).first()
    if mail is None:
        return
    headers = {"Message-ID": mail.message_id, **AUTOMATIC, **mail.headers}
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()
    mail.delete()
