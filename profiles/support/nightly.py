"""The end of what is remembered of visits: the activity log keeps it longer."""

from datetime import timedelta

from django.utils import timezone

from profiles.support.models import Visit
from tenants.cleaning import delete_in_batches, nightly

KEPT = timedelta(days=90)


@nightly
def end_visits() -> int:
    return delete_in_batches(Visit.objects.filter(asked__lt=timezone.now() - KEPT))
