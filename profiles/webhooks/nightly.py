"""What ends at night: messages after 30 days, secrets that were renewed, and messages that no job sends any more."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from profiles.webhooks.models import ROTATION, Delivery, Endpoint
from profiles.webhooks.signing import reencrypt_all
from tenants.cleaning import delete_in_batches, nightly

nightly(reencrypt_all)


@nightly
def end_messages() -> None:
    now = timezone.now()
    delete_in_batches(Delivery.objects.filter(occurred__lt=now - timedelta(days=settings.WEBHOOK_KEPT_DAYS)))


@nightly
def end_lost_messages() -> None:
    """They came with an import, without their jobs."""
    lost = Delivery.objects.waiting().filter(next_try__lt=timezone.now() - timedelta(days=2))
    lost.update(outcome=Delivery.Outcome.FAILED, error="lost")


@nightly
def end_former_secrets() -> None:
    Endpoint.objects.exclude(former_secret="").filter(rotated__lt=timezone.now() - ROTATION).update(former_secret="")
