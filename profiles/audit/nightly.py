"""Deletes entries of the audit log after their retention."""

from datetime import timedelta

from django.utils import timezone

from profiles.audit.keeping import kept_days
from profiles.audit.models import Entry
from tenants.cleaning import delete_in_batches, nightly
from tenants.context import as_owner


@nightly
def end_entries() -> int:
    """Delete entries after their retention, as the owner role, which may delete them."""
    with as_owner():
        return delete_in_batches(Entry.objects.filter(at__lt=timezone.now() - timedelta(kept_days())))
