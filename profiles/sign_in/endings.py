"""Nightly deletion: sessions, links that verify an address, addresses that were never verified, hand-offs."""

from datetime import timedelta

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmation
from django.db.models import Exists, OuterRef
from django.utils import timezone

from profiles.models import HandOff, Session
from tenants.cleaning import delete_in_batches, nightly


@nightly
def end_sessions() -> int:
    """Delete expired sessions."""
    return delete_in_batches(Session.objects.filter(expire_date__lt=timezone.now()))


@nightly
def end_confirmations() -> int:
    """Delete expired links that verify an address, and members' new addresses without a valid link.

    The member's current address stays: it is the primary one.
    """
    dead = timezone.now() - timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
    ended = delete_in_batches(EmailConfirmation.objects.filter(created__lt=dead))
    alive = EmailConfirmation.objects.filter(email_address=OuterRef("pk"))
    return ended + delete_in_batches(EmailAddress.objects.filter(~Exists(alive), primary=False, verified=False))


@nightly
def end_hand_offs() -> None:
    HandOff.objects.sweep()
