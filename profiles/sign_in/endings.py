"""What ends of signing in: sessions, links that prove an address, addresses that were never proved, hand-offs."""

from datetime import timedelta

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from profiles.models import HandOff
from tenants.cleaning import delete_in_batches, nightly

# A session that has just begun is listed before it is stored.
A_MOMENT = timedelta(hours=1)


@nightly
def end_sessions() -> int:
    """Delete sessions that are over, and then the lines about them in the lists that members see."""
    ended = delete_in_batches(Session.objects.filter(expire_date__lt=timezone.now()))
    stored = Session.objects.filter(session_key=OuterRef("session_key"))
    listed = UserSession.objects.filter(~Exists(stored), last_seen_at__lt=timezone.now() - A_MOMENT)
    return ended + delete_in_batches(listed)


@nightly
def end_confirmations() -> int:
    """Delete links that prove an address once they are dead, and new addresses of members for which no link is alive.

    The member's present address is not among those: it is the primary one.
    """
    dead = timezone.now() - timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
    ended = delete_in_batches(EmailConfirmation.objects.filter(created__lt=dead))
    alive = EmailConfirmation.objects.filter(email_address=OuterRef("pk"))
    return ended + delete_in_batches(EmailAddress.objects.filter(~Exists(alive), primary=False, verified=False))


@nightly
def end_hand_offs() -> None:
    HandOff.objects.sweep()
