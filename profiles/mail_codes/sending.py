"""The job that mails a code."""

from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from profiles.mail.delivery import RETRY
from profiles.mail.outbox import post
from profiles.mail_codes.models import MINUTES, MailCode
from profiles.models import User
from profiles.sign_in import limits
from tenants.context import required
from tenants.limits.counting import TooOften
from tenants.tasks import tenant_task


@tenant_task(name="profiles.send_mail_code", queue="urgent", retry=RETRY)
def send_code(pk: int, browser: str) -> None:
    """Make the code and mail it. For an unknown address there is the same job, about no member.

    With a limit per hour, so that no mailbox is flooded. The page does not show it.
    """
    with transaction.atomic(), suppress(TooOften):
        for member in User.objects.active().exclude(email="").filter(pk=pk):
            limits.take_for("mail_code", pk)
            code = MailCode.objects.make(member=member, browser=browser)
            path = reverse("confirm_mail_code", urlconf=settings.ROOT_URLCONF)
            context = {"member": member, "code": code, "minutes": MINUTES, "url": required().url(path)}
            post(to=member.email, reader=member, template="mail_code", context=context)
