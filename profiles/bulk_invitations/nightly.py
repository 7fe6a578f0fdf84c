"""Deletes lists of invitations: they hold addresses of people who may never have joined."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from profiles.bulk_invitations.models import Batch
from tenants.cleaning import delete_in_batches, nightly

DRAFT_KEPT = timedelta(days=1)
KEPT = timedelta(days=30)


@nightly
def end_lists() -> int:
    """Delete drafts after a day, and lists that were sent after a month."""
    now = timezone.now()
    return delete_in_batches(Batch.objects.filter(Q(sent=None, created__lt=now - DRAFT_KEPT) | Q(sent__lt=now - KEPT)))
