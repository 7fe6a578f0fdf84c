"""Joining without a link: a provider of sign-ins has named the person, and verified their address."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles import seats
from profiles.invitations.changes import join, locked
from profiles.invitations.columns import join_what_was_added
from profiles.language import first_language
from profiles.models import Invitation, User
from profiles.organisation.greeting import greet
from profiles.roles import Role
from profiles.sign_in.account_adapter import DEACTIVATED
from profiles.sign_in.usernames import free_username
from shared.names import no_address
from tenants.context import required
from tenants.events import emit
from tenants.notices import notify


def active(member: User) -> User:
    """Raises ValidationError for a member who is deactivated."""
    if not member.is_active:
        raise ValidationError(DEACTIVATED % {"organisation": required().name}, code="account_inactive")
    return member


def invitation_to(email: str) -> Invitation | None:
    """The open invitation to this address, locked, and the seats. Raises ValidationError for an owner's."""
    seats.lock()
    invitation = locked(Invitation.objects.open().filter(email=email))
    if invitation and invitation.role == Role.OWNER:
        raise ValidationError(_("You are invited as an owner. Use the link in the invitation."), code="owner")
    return invitation


def no_member() -> ValidationError:
    words = _("You are not a member of %(organisation)s. Ask an owner or admin to invite you.")
    return ValidationError(words % {"organisation": required().name}, code="no_member")


def join_named(*, email: str, role: str, claims: dict[str, Any], invitation: Invitation | None) -> User:
    """Make them a member without a password, and welcome them. Call it in a transaction, with a verified address."""
    member = User(username=free_username(email), email=email, role=role, language=first_language())
    member.first_name, member.last_name = names(claims)
    member.password = make_password(None)
    join(member, invitation)
    emit("member.joined", member, *filter(None, [invitation]), by=member, role=("", member.role))
    if invitation:
        invitation.accepted = timezone.now()
        invitation.save()
        join_what_was_added(member, invitation)
    greet(member)
    notify(member, "member.welcome", organisation=required().name)
    if invitation and invitation.invited_by:
        notify(invitation.invited_by, "member.joined", member.profile, by=member)
    return member


def names(claims: dict[str, Any]) -> tuple[str, str]:
    """First and last name, without what no member may have in theirs."""
    first, last = text(claims.get("given_name")), text(claims.get("family_name"))
    if not (first or last):
        first, _space, last = text(claims.get("name")).partition(" ")
    return first, last


def text(value: Any) -> str:
    found = value.strip()[:150] if isinstance(value, str) and value.isprintable() else ""
    try:
        no_address(found)
    except ValidationError:
        return ""
    return found
