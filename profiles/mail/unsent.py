"""Mail that could not be sent: finds it, queues it again, and finally deletes it."""

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
    """The current organisation's mail for which there is no job any more, oldest first."""
    waiting = list(OutgoingMail.objects.order_by("pk"))  # Before the jobs: a mail and its job are stored together.
    pending = pending_keys()
    return [mail for mail in waiting if mail.pk not in pending]


def pending_keys() -> set[int]:
    """The primary keys of the current organisation's mail that has a waiting or running job."""
    schema_name = required().schema_name
    with public():
        jobs = ProcrastinateJob.objects.filter(task_name__in=deliver.names, status__in=["todo", "doing"])
        return set(jobs.filter(args__schema_name=schema_name).values_list("args__arguments__pk", flat=True))


@transaction.atomic
def resend() -> int:
    """Queue the current organisation's unsent mail again, for another day of attempts; returns how many."""
    mails = unsent()
    for mail in mails:
        deliver.defer(pk=mail.pk)
    return len(mails)


@nightly
def forget() -> int:
    """Delete the current organisation's mail that has been unsent for KEPT_DAYS; returns how many."""
    gone = delete_in_batches(OutgoingMail.objects.filter(created__lt=kept_since("mail")))
    if gone:
        days = settings.KEPT_DAYS["mail"]
        logger.warning("Deleted %s messages that could not be sent for %s days.", gone, days)
    return gone
