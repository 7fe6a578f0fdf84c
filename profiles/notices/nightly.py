"""The end of notices, and what was not mailed at its time."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from profiles.notices import mailing
from profiles.notices.models import Notice
from tenants.cleaning import delete_in_batches, nightly


@nightly
def end_notices() -> int:
    """Delete notices that are older than NOTICES_KEPT_DAYS."""
    return delete_in_batches(Notice.objects.filter(created__lt=timezone.now() - timedelta(settings.NOTICES_KEPT_DAYS)))


@nightly
def mail_overdue() -> None:
    """Mail what is due and has no job any more: that one failed too often, or the rows come from an import."""
    if Notice.objects.due().exists():
        mailing.plan(timezone.now())
