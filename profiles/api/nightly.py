"""Deletes old stored responses, and tokens that expired a month ago."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from profiles.api.models import Answer, Token
from tenants.cleaning import delete_in_batches, nightly

EXPIRED_DAYS = 30


@nightly
def forget_answers() -> None:
    kept = timedelta(hours=settings.API_ANSWERS_KEPT_HOURS)
    delete_in_batches(Answer.objects.filter(created__lt=timezone.now() - kept))


@nightly
def delete_expired_tokens() -> None:
    """Until then, the page shows their owners why a program was refused. Tokens of services stay and can be renewed."""
    since = timezone.now() - timedelta(days=EXPIRED_DAYS)
    delete_in_batches(Token.objects.filter(expires__lt=since, is_service=False))
