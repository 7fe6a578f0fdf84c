"""Refusing mail: refuse(), and the link by which the owner of a mailbox stops an organisation's mail."""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from profiles.models import Invitation, OutgoingMail, Refusal
from tenants import signing
from tenants.context import required
from tenants.events import emit

logger = logging.getLogger(__name__)

SALT = "refusal"
# People keep mails for long, and the links in them have to work.
LINK_SECONDS = 366 * 86_400


def token(email: str) -> str:
    """A token that proves access to this mailbox, since it is only in mails to it."""
    return signing.dumps(email, salt=SALT)


def mailbox_of(token: str) -> str | None:
    """The mailbox of a link's token, if this organisation sent it; or None."""
    try:
        return signing.loads(token, salt=SALT, max_age=LINK_SECONDS, shape=str)
    except BadSignature:
        return None


def url(email: str) -> str:
    return required().url(reverse("refuse_mail", args=[token(email)], urlconf=settings.ROOT_URLCONF))


@transaction.atomic
def refuse(email: str) -> None:
    """Stop the current organisation's mail to a mailbox: delete waiting mail, and revoke its invitation."""
    refusal, is_new = Refusal.objects.get_or_create(email=email)
    if is_new:
        emit("mail.refused", refusal)
    Invitation.objects.open().filter(email__iexact=email).update(revoked=timezone.now())
    OutgoingMail.objects.filter(to__iexact=email).delete()
    logger.warning("A mailbox refuses mail from this organisation; %s have done so in the past days.", recent())


@transaction.atomic
def allow(email: str) -> None:
    """Allow mail to a mailbox again."""
    for refusal in Refusal.objects.filter(email=email):
        emit("mail.allowed", refusal)
        refusal.delete()


def in_force() -> QuerySet[Refusal]:
    """Refusals of mailboxes that are not a member's confirmed address: members get mail again."""
    proved = EmailAddress.objects.filter(email=OuterRef("email"), verified=True)
    return Refusal.objects.exclude(Exists(proved))


def is_refused(email: str) -> bool:
    return in_force().filter(email=email).exists()


def recent() -> int:
    """How many mailboxes have refused the current organisation's mail lately."""
    since = timezone.now() - timedelta(days=settings.REFUSAL_DAYS)
    return in_force().filter(created__gt=since).count()
