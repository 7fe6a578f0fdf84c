"""The end of former usernames, which others can have then."""

from django.utils import timezone

from profiles.renaming.models import FormerName
from tenants.cleaning import delete_in_batches, nightly


@nightly
def end_former_names() -> int:
    return delete_in_batches(FormerName.objects.filter(until__lt=timezone.now()))
