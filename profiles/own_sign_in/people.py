"""Finds the member that the provider names: by subject, else by verified address. Or makes a new one."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles import seats
from profiles.invitations.changes import join
from profiles.language import first_language
from profiles.models import Invitation, User
from profiles.organisation.greeting import greet
from profiles.own_sign_in.connecting import connect
from profiles.own_sign_in.groups import follow, role_of
from profiles.own_sign_in.models import Identity, Provider
from profiles.roles import Role
from profiles.sign_in.account_adapter import DEACTIVATED
from profiles.sign_in.usernames import free_username
from shared.emails import canonical_email
from shared.names import no_address
from tenants.context import required
from tenants.events import emit
from tenants.notices import notify


class Unconfirmed(Exception):
    """There is a member with this address, who has to confirm it by another way to sign in."""

    def __init__(self, member: User) -> None:
        super().__init__(member)
        self.member = member


@transaction.atomic
def member_named(provider: Provider, claims: dict[str, Any]) -> User:
    """Raises ValidationError, with a sentence for the person, and Unconfirmed."""
    identity = Identity.objects.select_related("member").filter(subject=claims["sub"]).first()
    if identity is not None:
        follow(active(identity.member), role_of(provider, claims))
        return identity.member
    email = verified_email(provider, claims)
    member = User.objects.filter(email=email).first()
    if member is None:
        return made(provider, claims, email)
    active(member)
    # The provider's administrators decide about addresses there: that must not make them owners here.
    if not provider.trusts_addresses or member.role == Role.OWNER:
        raise Unconfirmed(member)
    connect(member=member, subject=claims["sub"])
    follow(member, role_of(provider, claims))
    return member


def active(member: User) -> User:
    if not member.is_active:
        raise ValidationError(DEACTIVATED % {"organisation": required().name}, code="account_inactive")
    return member


def verified_email(provider: Provider, claims: dict[str, Any]) -> str:
    """Without a word on it, an address counts as verified only where an owner has said that all are."""
    is_verified = claims.get("email_verified", provider.trusts_addresses)
    try:
        email = canonical_email(str(claims.get("email") or ""))
    except ValidationError:
        email = ""
    if not email or is_verified not in (True, "true"):
        words = _("%(provider)s did not give a verified email address. Ask an owner of %(organisation)s.")
        raise ValidationError(words % {"provider": provider.name, "organisation": required().name}, code="email")
    return email


def made(provider: Provider, claims: dict[str, Any], email: str) -> User:
    """A new member, with the role of their groups, of their invitation, or of the setting."""
    seats.lock()
    invitation = Invitation.objects.open().select_for_update().filter(email=email).first()
    if invitation is None and not provider.makes_members:
        words = _("You are not a member of %(organisation)s. Ask an owner or admin to invite you.")
        raise ValidationError(words % {"organisation": required().name}, code="no_member")
    if invitation and invitation.role == Role.OWNER:
        raise ValidationError(_("You are invited as an owner. Use the link in the invitation."), code="owner")
    role = role_of(provider, claims) or (invitation.role if invitation else provider.role)
    member = User(username=free_username(email), email=email, role=role, language=first_language())
    member.first_name, member.last_name = names(claims)
    member.password = make_password(None)
    join(member, invitation)
    if invitation:
        invitation.accepted = timezone.now()
        invitation.save()
    emit("member.joined", member, *filter(None, [invitation]), by=member, role=("", member.role))
    connect(member=member, subject=claims["sub"])
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
