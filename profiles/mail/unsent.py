"""Mail that could not be sent: found, queued again, and forgotten in the end."""

import logging

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.mail.delivery import deliver
from profiles.models import OutgoingMail
from tenants.cleaning import delete_in_batches, kept_since, nightly
from tenants.context import public, required

logger = logging.getLogger(__name__)


def unsent() -> list[OutgoingMail]:
    """The current organisation's mail that no job will send any more, the oldest first."""
    waiting = list(OutgoingMail.objects.order_by("pk"))  # Before the jobs: each mail comes with its job.
    pending = pending_keys()
    return [mail for mail in waiting if mail.pk not in pending]


def pending_keys() -> set[int]:
    """The primary keys of the current organisation's mail that a job will send, or is sending."""
    schema_name = required().schema_name
    with public():
        jobs = ProcrastinateJob.objects.filter(task_name__in=deliver.names, status__in=["todo", "doing"])
        return set(jobs.filter(args__schema_name=schema_name).values_list("args__arguments__pk", flat=True))


@transaction.atomic
def resend() -> int:
    """Queue the current organisation's unsent mail again, for another day of tries; returns how many."""
    mails = unsent()
    for mail in mails:
        deliver.defer(pk=mail.pk)
    return len(mails)


@nightly
def forget() -> int:
    """Delete the current organisation's mail that could not be sent for KEPT_DAYS; returns how many."""
    gone = delete_in_batches(OutgoingMail.objects.filter(created__lt=kept_since("mail")))
    if gone:
        days = settings.KEPT_DAYS["mail"]
        logger.warning("%s messages could not be sent for %s days, and are deleted.", gone, days)
    return gone
