"""Invitations: sent, sent again, revoked, accepted."""

from textwrap import indent

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from profiles.mail.outbox import post
from profiles.models import Invitation, User
from profiles.models.invitation import expiry, random_nonce
from profiles.organisation.greeting import greet
from profiles.roles import granted_roles, grants
from tenants.context import required

USERNAME_TAKEN = "Somebody here has this user name already. Choose another one."
EMAIL_TAKEN = "A member has this e-mail address already. Sign in instead."
# What a violated constraint says to the person, by field of the form.
VIOLATIONS = {
    "profiles_user_username_key": {"username": USERNAME_TAKEN},
    "user_username_unique": {"username": USERNAME_TAKEN},
    "user_email_unique": {"email": EMAIL_TAKEN},
    "unique_verified_email": {"email": EMAIL_TAKEN},
}


@transaction.atomic
def invite(*, actor: User, email: str, role: str, message: str = "") -> Invitation:
    """Offer somebody a place in the organisation, by mail.

    Raises PermissionDenied if the actor may not give that role, and ValidationError if there is no such role or
    address, if the message is too long, and if the address is a member's or has been invited already.
    """
    invitation = Invitation(email=email, role=role, message=message, invited_by=actor)
    invitation.check_values()
    check_may_give(actor, role)
    check_address(invitation.email)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:  # Somebody else invited them since we looked.
        raise invited_already(email) from error
    send(invitation, sender=actor.name)
    return invitation


@transaction.atomic
def resend(*, actor: User, invitation: Invitation) -> None:
    """Send an open invitation once more, in the actor's name, with new link and expiry; the old link dies.

    Raises PermissionDenied, ValidationError if the address is a member's by now, and Invitation.DoesNotExist
    if the invitation is not open any more.
    """
    check_may_give(actor, invitation.role)
    check_no_member(invitation.email)
    invitation = Invitation.objects.open().select_for_update().get(pk=invitation.pk)
    invitation.nonce, invitation.expires, invitation.invited_by = random_nonce(), expiry(), actor
    invitation.save()
    send(invitation, sender=actor.name)


@transaction.atomic
def revoke(*, actor: User, invitation: Invitation) -> None:
    """Take an invitation back. Raises PermissionDenied, and Invitation.DoesNotExist if it is not open."""
    check_may_give(actor, invitation.role)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked=timezone.now()):
        raise Invitation.DoesNotExist


def withdraw(*, sender: User) -> None:
    """Revoke the open invitations that a member could not send any more: no door stays open behind them."""
    granted = [role for role, _ in granted_roles(sender)]
    Invitation.objects.open().filter(invited_by=sender).exclude(role__in=granted).update(revoked=timezone.now())


def accept(*, token: str, name: str, username: str, password: str) -> User:
    """Make the invited person a member with the invited role and a verified address, once, and welcome them.

    Raises Invitation.DoesNotExist for a dead link, and ValidationError, by field, for a user name that cannot be one,
    for no password, and for a user name or address that a member has already.
    """
    if not password:
        raise ValidationError({"password": ValidationError(gettext("Enter a password."), code="required")})
    first, _, last = name.partition(" ")
    member = User(username=username, first_name=first, last_name=last)
    member.password = make_password(password)  # Before the lock: it takes longer than all the rest.
    with transaction.atomic():
        # Of several that try at once, all but the first wait here, look again, and find nothing.
        invitation = Invitation.objects.by_token(token).select_for_update().get()
        member.email, member.role = invitation.email, invitation.role
        join(member)
        invitation.accepted = timezone.now()
        invitation.save()
        greet(member)
    return member


def join(member: User) -> None:
    """Save a new member whose address is proved. Raises ValidationError, by field, for what somebody has."""
    try:
        with transaction.atomic():
            member.save()
            EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    except IntegrityError as error:
        constraint = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if constraint not in VIOLATIONS:
            raise
        raise ValidationError(VIOLATIONS[constraint]) from error


def check_may_give(actor: User, role: str) -> None:
    """Raise PermissionDenied unless the actor may give this role now, and until the transaction ends."""
    fresh = User.objects.select_for_update(no_key=True).filter(pk=actor.pk).first()
    if fresh is None or not grants(fresh, role):
        raise PermissionDenied


def check_address(email: str) -> None:
    """Raise ValidationError if this address is a member's or has been invited already."""
    check_no_member(email)
    if Invitation.objects.open().filter(email=email).exists():
        raise invited_already(email)


def check_no_member(email: str) -> None:
    """Raise ValidationError if this address is a member's."""
    member = User.objects.filter(email=email).first()
    if member is None:
        return
    if member.is_active:
        raise ValidationError(f"{member.name} has this address and is a member already.", code="member")
    words = f"{member.name} has this address and is a deactivated member. Reactivate them instead, under Members."
    raise ValidationError(words, code="deactivated")


def invited_already(email: str) -> ValidationError:
    words = f"{email} has been invited already. Send that invitation again, or revoke it first."
    return ValidationError(words, code="invited")


def send(invitation: Invitation, sender: str) -> None:
    """Mail the newest link. The message is quoted, so that nobody takes it for the organisation's words."""
    post(
        to=invitation.email,
        subject=f"{sender} invites you to {required().name}",
        template="invitation",
        context={
            "invitation": invitation,
            "sender": sender,
            "quote": indent(invitation.message, "> "),
            "url": invitation.url,
        },
    )
