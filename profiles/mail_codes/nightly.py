"""The end of codes that were not used."""

from django.utils import timezone

from profiles.mail_codes.models import MailCode
from tenants.cleaning import delete_in_batches, nightly


@nightly
def end_codes() -> int:
    return delete_in_batches(MailCode.objects.filter(expires__lt=timezone.now()))
