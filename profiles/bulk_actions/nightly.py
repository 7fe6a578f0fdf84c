"""Deletes old runs, whose results can no longer be seen or undone."""

from datetime import timedelta

from django.utils import timezone

from profiles.bulk_actions.models import Run
from tenants.cleaning import delete_in_batches, nightly

KEPT = timedelta(days=7)


@nightly
def end_runs() -> int:
    return delete_in_batches(Run.objects.filter(created__lt=timezone.now() - KEPT))
