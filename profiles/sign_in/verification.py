"""Proving that an e-mail address is a member's own."""

from allauth.account.models import EmailAddress, EmailConfirmation
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from profiles.mail import post
from profiles.tasks import send_verification
from tenants.context import required


def ask_to_verify(address: EmailAddress) -> None:
    """Have a link sent that proves the address; the worker writes it, so that nobody waits for that."""
    send_verification.defer(pk=address.pk)


def verify(address: EmailAddress) -> None:
    """Send the link. Its key is a random row of this tenant, and nothing elsewhere."""
    confirmation = EmailConfirmation.create(address)
    confirmation.sent = timezone.now()
    confirmation.save()
    send_link(confirmation)


def send_link(confirmation: EmailConfirmation) -> None:
    organisation = required()
    path = reverse("account_confirm_email", args=[confirmation.key], urlconf=settings.ROOT_URLCONF)
    post(
        to=confirmation.email_address.email,
        subject=f"Confirm your e-mail address for {organisation.name}",
        template="verification",
        context={"name": confirmation.email_address.user.name, "url": organisation.url(path)},
    )
