"""Deletes expired offers."""

from django.utils import timezone

from profiles.ownership.models import Offer
from tenants.cleaning import delete_in_batches, nightly


@nightly
def end_offers() -> int:
    return delete_in_batches(Offer.objects.filter(expires__lt=timezone.now()))
