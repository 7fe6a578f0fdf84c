"""The end of the audit log's entries."""

from datetime import timedelta

from django.utils import timezone

from profiles.audit.keeping import kept_days
from profiles.audit.models import Entry
from tenants.cleaning import delete_in_batches, nightly
from tenants.context import as_owner


@nightly
def end_entries() -> int:
    """Delete entries that are older than they are kept, as the role that may."""
    with as_owner():
        return delete_in_batches(Entry.objects.filter(at__lt=timezone.now() - timedelta(kept_days())))
