"""The end of former members' profiles."""

from profiles.returning.models import Former, kept_since
from tenants.cleaning import delete_in_batches, nightly


@nightly
def end_former_members() -> int:
    """Delete what has been kept for FORMER_PROFILES_KEPT_DAYS."""
    return delete_in_batches(Former.objects.filter(removed__lte=kept_since()))
