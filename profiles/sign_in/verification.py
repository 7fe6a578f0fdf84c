"""Verifying that an email address is a member's own."""

from contextlib import suppress

from allauth.account.models import EmailAddress, EmailConfirmation
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from profiles.mail import refusals
from profiles.mail.delivery import RETRY
from profiles.mail.outbox import post
from shared.emails import counted_as
from shared.names import in_mail
from tenants.context import required
from tenants.limits.counting import Rate, TooOften, take
from tenants.tasks import tenant_task


def ask_to_verify(address: EmailAddress) -> None:
    """Queue the mail with the link that verifies the address, so that no request waits for it."""
    send_verification.defer(pk=address.pk)


@tenant_task(name="profiles.send_verification", aliases=["profiles.tasks.send_verification"], queue="mail", retry=RETRY)
def send_verification(pk: int) -> None:
    """Mail the link that verifies an email address, unless it is verified or gone already.

    One mailbox gets a limited number per day from all organisations: anyone may sign up with any address.
    """
    with transaction.atomic(), suppress(TooOften):
        for address in EmailAddress.objects.filter(pk=pk, verified=False).select_related("user"):
            count(address.email)
            verify(address)


def count(email: str) -> None:
    """Count a verification mail to this mailbox. Raises TooOften."""
    take("verification", Rate(*settings.LIMITS["verification"]["mailbox"]), counted_as(email))


def verify(address: EmailAddress) -> None:
    """Send the link. Its key is a random value in a row of this tenant, and is invalid elsewhere."""
    confirmation = EmailConfirmation.create(address)
    confirmation.sent = timezone.now()
    confirmation.save()
    send_link(confirmation)


def send_link(confirmation: EmailConfirmation) -> None:
    organisation = required()
    path = reverse("account_confirm_email", args=[confirmation.key], urlconf=settings.ROOT_URLCONF)
    post(
        to=confirmation.email_address.email,
        reader=confirmation.email_address.user,
        template="verification",
        context={
            "name": in_mail(confirmation.email_address.user.name, instead=""),
            "url": organisation.url(path),
            "refusal_url": refusals.url(confirmation.email_address.email),
        },
    )
