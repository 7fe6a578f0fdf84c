"""Ends messages after 30 days, rotated secrets, and messages whose job is gone."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from profiles.webhooks.models import ROTATION, Delivery, Endpoint
from profiles.webhooks.signing import reencrypt_all
from tenants.cleaning import delete_in_batches, nightly

LOST_AFTER = timedelta(days=2)


@nightly
def clean_up_webhooks() -> None:
    """It costs one statement where there is no webhook, as each message has one."""
    if not Endpoint.objects.exists():
        return
    now = timezone.now()
    reencrypt_all()
    Endpoint.objects.exclude(former_secret="").filter(rotated__lt=now - ROTATION).update(former_secret="")
    delete_in_batches(Delivery.objects.filter(occurred__lt=now - timedelta(days=settings.WEBHOOK_KEPT_DAYS)))
    # They came with an import, without their jobs.
    lost = Delivery.objects.waiting().filter(next_try__lt=now - LOST_AFTER)
    lost.update(outcome=Delivery.Outcome.FAILED, error="lost")
