"""Deletes old notices, and mails overdue ones."""

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
    """Mail due notices that have no job any more: it failed too often, or the rows were imported."""
    if Notice.objects.due().exists():
        mailing.plan(timezone.now())
