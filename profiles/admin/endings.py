"""Deletes old entries of the log of Django's admin."""

from django.contrib.admin.models import LogEntry

from tenants.cleaning import delete_in_batches, kept_since, nightly


@nightly
def end_log() -> int:
    """Delete entries that are older than KEPT_DAYS."""
    return delete_in_batches(LogEntry.objects.filter(action_time__lt=kept_since("admin_log")))
