"""Deletes entries of the audit log after their retention."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from profiles.audit.models import Entry
from tenants.cleaning import delete_in_batches, nightly
from tenants.context import as_owner, required


@nightly
def end_entries() -> int:
    """Delete entries after their retention, as the owner role, which may delete them."""
    with as_owner():
        return delete_in_batches(Entry.objects.filter(at__lt=timezone.now() - timedelta(kept_days())))


def kept_days() -> int:
    """For the current organisation: what a function of the product says of it or of its plan, or AUDIT_KEPT_DAYS."""
    own = import_string(settings.AUDIT_KEPT_DAYS_OF)(required()) if settings.AUDIT_KEPT_DAYS_OF else None
    return settings.AUDIT_KEPT_DAYS if own is None else int(own)
