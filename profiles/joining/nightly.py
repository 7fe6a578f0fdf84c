"""Deletes requests to join, and records of used join links."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from profiles.joining.models import Applicant
from tenants.cleaning import delete_in_batches, kept_since, nightly

# A pending request. The person may send another one.
WAITING_KEPT = timedelta(days=60)


@nightly
def end_applicants() -> int:
    """Delete them as long after the decision as invitations: no join link lives longer than that."""
    waited = Q(decided=None, created__lt=timezone.now() - WAITING_KEPT)
    return delete_in_batches(Applicant.objects.filter(waited | Q(decided__lt=kept_since("invitations"))))
