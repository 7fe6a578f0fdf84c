"""Invitations: sent, sent again, revoked, accepted."""

from textwrap import indent
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profiles import seats
from profiles.invitations.columns import join_what_was_added
from profiles.invitations.quota import take_invitation
from profiles.language import first_language
from profiles.mail import refusals
from profiles.mail.outbox import post
from profiles.models import Invitation, User
from profiles.models.invitation import expiry, random_nonce
from profiles.organisation.greeting import greet
from profiles.roles import grants
from shared.names import in_mail, no_address
from shared.storable import check_storable
from tenants.context import required
from tenants.events import emit
from tenants.notices import notify

USERNAME_TAKEN = _("A member already has this username. Choose another one.")
EMAIL_TAKEN = _("A member already has this email address. Sign in instead.")
# The message for a violated constraint, by field of the form.
VIOLATIONS = {
    "profiles_user_username_key": {"username": USERNAME_TAKEN},
    "user_username_unique": {"username": USERNAME_TAKEN},
    "user_email_unique": {"email": EMAIL_TAKEN},
    "unique_verified_email": {"email": EMAIL_TAKEN},
}


@transaction.atomic
def invite(*, actor: User, email: str, role: str, message: str = "", name: str = "", added: Any = None) -> Invitation:
    """Invite a person to the organisation by mail. `added` is for the apps' columns (columns.py).

    Raises PermissionDenied if the actor may not give that role. Raises ValidationError if the role or address is
    invalid, if the message or name is too long, if the address is a member's, has been invited already, or cannot get
    an invitation now (quota.py), and if no seat is free (profiles/seats.py).
    """
    invitation = Invitation(email=email, role=role, message=message, name=name, invited_by=actor)
    invitation.added = added or {}
    invitation.check_values()
    seats.lock()
    check_may_give(actor, role)
    check_address(invitation.email)
    seats.take_seat()
    take_invitation(invitation.email)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:  # Another member has invited them since the check.
        raise invited_already(email) from error
    emit("invitation.sent", invitation, by=actor, role=("", role))
    send(invitation, actor)
    return invitation


@transaction.atomic
def resend(*, actor: User, invitation: Invitation) -> None:
    """Send an open invitation again, in the actor's name, with a new link and expiry. The old link stops working.

    One that has expired takes a seat again. Raises PermissionDenied, ValidationError if the address is now a member's
    or cannot get an invitation now or if no seat is free, and Invitation.DoesNotExist if it is no longer open.
    """
    seats.lock()
    check_may_give(actor, invitation.role)
    check_no_member(invitation.email)
    invitation = Invitation.objects.open().select_for_update().get(pk=invitation.pk)
    if invitation.expires <= timezone.now():
        seats.take_seat()
    take_invitation(invitation.email)
    invitation.nonce, invitation.expires, invitation.invited_by = random_nonce(), expiry(), actor
    invitation.save()
    emit("invitation.resent", invitation, by=actor)
    send(invitation, actor)


@transaction.atomic
def revoke(*, actor: User, invitation: Invitation) -> None:
    """Revoke an invitation. Raises PermissionDenied, and Invitation.DoesNotExist if it is not open."""
    check_may_give(actor, invitation.role)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked=timezone.now()):
        raise Invitation.DoesNotExist
    emit("invitation.revoked", invitation, by=actor)


def withdraw(*senders: User, by: User) -> None:
    """Revoke the open invitations that these members may no longer send."""
    present = {sender.pk: sender for sender in senders}
    for invitation in Invitation.objects.open().filter(invited_by__in=present).select_for_update():
        if invitation.invited_by_id and not grants(present[invitation.invited_by_id], invitation.role):
            invitation.revoked = timezone.now()
            invitation.save(update_fields=["revoked"])
            emit("invitation.revoked", invitation, by=by)


def accept(*, token: str, name: str, username: str, password: str) -> User:
    """Make the invited person a member with the invited role and a verified address, once, and welcome them.

    Raises Invitation.DoesNotExist for an invalid link. Raises ValidationError, by field, for a name that contains a web
    address, an invalid username, a missing password, and a username or address that a member has already; and if the
    organisation has become too small for the seat (profiles/seats.py).
    """
    check_name(name)
    check_password(password)
    first, _, last = name.partition(" ")
    member = User(username=username, first_name=first, last_name=last)
    member.password = make_password(password)  # Before the lock, since hashing takes longer than all the rest.
    with transaction.atomic():
        seats.lock()
        # With several requests at the same time, all but the first wait here and then find no open invitation.
        invitation = locked(Invitation.objects.by_token(token))
        if invitation is None:
            raise Invitation.DoesNotExist
        member.email, member.role, member.language = invitation.email, invitation.role, first_language()
        join(member, invitation)
        invitation.accepted = timezone.now()
        invitation.save()
        emit("member.joined", member, invitation, by=member, role=("", member.role))
        join_what_was_added(member, invitation)
        greet(member)
        notify(member, "member.welcome", organisation=required().name)
        if invitation.invited_by:
            notify(invitation.invited_by, "member.joined", member.profile, by=member)
    return member


def locked(found: QuerySet[Invitation]) -> Invitation | None:
    """The invitation, if there is one, locked until the transaction ends, and before it the member who has sent it: who
    demotes or removes that member locks them in this order.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk__in=found.values("invited_by")))
    return found.select_for_update().first()


def join(member: User, invitation: Invitation | None = None) -> None:
    """Save a new member with a verified address, who takes a seat, or the one that this open invitation holds.

    Raises ValidationError if no seat is free, and by field for values that are taken.
    """
    holds_seat = invitation is not None and invitation.expires > timezone.now()
    seats.take_seat(is_newcomer=True, is_reserved=holds_seat)
    try:
        with transaction.atomic():
            member.save()
            EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    except IntegrityError as error:
        constraint = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if constraint not in VIOLATIONS:
            raise
        raise ValidationError(VIOLATIONS[constraint]) from error


def check_name(name: str) -> None:
    try:
        no_address(name)
        check_storable(name)
    except ValidationError as error:
        raise ValidationError({"name": error}) from error


def check_password(password: str) -> None:
    try:
        if not password:
            raise ValidationError(gettext("Enter a password."), code="required")
        check_storable(password)  # What cannot be stored cannot be hashed either.
    except ValidationError as error:
        raise ValidationError({"password": error}) from error


def check_may_give(actor: User, role: str) -> None:
    """Raise PermissionDenied unless the actor may give this role, now and until the transaction ends."""
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
        raise ValidationError(
            gettext("%(name)s has this address and is already a member."), code="member", params={"name": member.name}
        )
    sentence = gettext("%(name)s has this address, but is deactivated. Reactivate them under People instead.")
    raise ValidationError(sentence, code="deactivated", params={"name": member.name})


def invited_already(email: str) -> ValidationError:
    sentence = gettext("%(email)s has already been invited. Send that invitation again, or revoke it first.")
    return ValidationError(sentence, code="invited", params={"email": email})


def send(invitation: Invitation, actor: User) -> None:
    """Mail the newest link. The inviter's message is quoted, so that it does not look like the organisation's words."""
    refusal_url = refusals.url(invitation.email)
    sender = in_mail(actor.name, instead=_("A colleague"))
    post(
        to=invitation.email,
        template="invitation",
        context={
            "invitation": invitation,
            "sender": sender,
            "sender_email": actor.email,
            "quote": indent(invitation.message, "> "),
            "url": invitation.url,
            "refusal_url": refusal_url,
        },
        headers={**replies_to(actor), **unsubscribe(refusal_url)},
    )


def replies_to(actor: User) -> dict[str, str]:
    """Replies go to the member who invites, if their address is verified."""
    proved = EmailAddress.objects.filter(user=actor, email=actor.email, verified=True)
    return {"Reply-To": actor.email} if proved.exists() else {}


def unsubscribe(url: str) -> dict[str, str]:
    """The headers from which mail programs make an unsubscribe button. https://www.rfc-editor.org/rfc/rfc8058"""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
