"""People who want to join and are members already, or invited: told by mail, so that the page says the same to all."""

from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError

from profiles.invitations.changes import resend
from profiles.mail.outbox import post
from profiles.models import Invitation, User
from shared.emails import counted_as
from tenants.context import required
from tenants.limits.counting import Rate, TooOften, take

# A mailbox gets at most this many of these mails a day, from all organisations together.
REMINDERS = Rate(3, 86_400)


def is_known(email: str) -> bool:
    """Is this address a member's or an invited person's? Then send them how to sign in, or their invitation again."""
    if member := User.objects.filter(email=email).first():
        if member.is_active:
            remind(member)
        return True
    if invitation := Invitation.objects.open().select_related("invited_by").filter(email=email).first():
        send_again(invitation)
        return True
    return False


def remind(member: User) -> None:
    with suppress(TooOften):
        take("already_member", REMINDERS, "mailbox", counted_as(member.email))
        post(
            to=member.email,
            reader=member,
            template="already_member",
            context={"member": member, "url": required().url()},
        )


def send_again(invitation: Invitation) -> None:
    """Resend as the member who invited. Send nothing if they may not any more, or the mailbox has had several."""
    if invitation.invited_by:
        with suppress(PermissionDenied, ValidationError, Invitation.DoesNotExist):
            resend(actor=invitation.invited_by, invitation=invitation)
