"""Limits of invitations: they are mail to strangers, with text that members write."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.mail import refusals
from profiles.roles import Role
from shared.emails import counted_as
from tenants.context import required
from tenants.limits.counting import Rate, TooOften, take
from tenants.limits.forms import again

NEW = timedelta(days=1)


def take_invitation(email: str) -> None:
    """Count an invitation to a mailbox, for the current organisation and for the mailbox over all of them.

    Raises ValidationError, with a sentence for the member who invites, if it may not be sent. Call it in the
    transaction that sends the mail, so that unsent mail does not count.
    """
    if refusals.is_refused(email):
        raise ValidationError(
            _("The owner of this mailbox does not want email from this organisation."), code="refused"
        )
    if refusals.recent() >= settings.REFUSALS_MOST:
        raise ValidationError(
            _("No invitations are sent for now: several people have told us that they do not know this organisation."),
            code="refusals",
        )
    if not has_proved_owner():
        take_or_say(
            "invite_unverified",
            "organisation",
            required().schema_name,
            words=_(
                "Until an owner has confirmed their email address, %(most)s invitations can be sent. Owners find the "
                "link in their email, and get another one under “Email address”."
            ),
        )
    elif is_new():
        take_or_say(
            "invite_first_day",
            "organisation",
            required().schema_name,
            words=_("A new organisation can send %(most)s invitations on its first day. %(again)s"),
        )
    take_or_say(
        "invite",
        "mailbox",
        counted_as(email),
        words=_("This mailbox gets %(most)s invitations a day at most. %(again)s"),
    )


def take_or_say(action: str, whose: str, who: str, *, words: str) -> None:
    """Count it against a limit in LIMITS. Raises ValidationError with these words if the limit is reached."""
    rate = Rate(*settings.LIMITS[action][whose])
    try:
        take(action, rate, whose, who)
    except TooOften as error:
        raise ValidationError(words, code=action, params={"most": rate.amount, "again": again(error.wait)}) from error


def is_new() -> bool:
    """Whether the current organisation signed up within the last day."""
    activated = required().activated
    return activated is not None and timezone.now() - activated < NEW


def most_on_first_day() -> int | None:
    """How many invitations the current organisation can send today because it is new; None if it is not."""
    return settings.LIMITS["invite_first_day"]["organisation"][0] if is_new() else None


def has_proved_owner() -> bool:
    """Whether any active owner has verified their email address."""
    owners = EmailAddress.objects.filter(user__role=Role.OWNER, user__is_active=True)
    return owners.filter(verified=True).exists()
