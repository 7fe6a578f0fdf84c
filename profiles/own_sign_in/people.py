"""Finds the member that the provider names: by subject, else by verified address. Or makes a new one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from profiles.invitations.named import active, invitation_to, join_named, no_member
from profiles.models import User
from profiles.own_sign_in.connecting import connect
from profiles.own_sign_in.groups import follow, role_of
from profiles.own_sign_in.models import Identity, Provider
from profiles.own_sign_in.photos import picture
from profiles.own_sign_in.tasks import fetch_photo
from profiles.roles import Role
from shared.capabilities.registry import functions
from shared.emails import canonical_email
from tenants.context import required


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


def verified_email(provider: Provider, claims: dict[str, Any]) -> str:
    """The address that the provider gives. Many do not say whether it is verified: Entra ID never does.

    It counts as verified then if the organisation has proved its domain, or if an owner has said that all are.
    """
    try:
        email = canonical_email(str(claims.get("email") or ""))
    except ValidationError:
        email = ""
    if not email or not is_verified(provider, claims.get("email_verified"), email):
        words = _("%(provider)s did not give a verified email address. Ask an owner of %(organisation)s.")
        raise ValidationError(words % {"provider": provider.name, "organisation": required().name}, code="email")
    return email


def is_verified(provider: Provider, said: Any, email: str) -> bool:
    """What the provider says counts, also against an address of a proved domain: anyone may register there."""
    if said is None:
        return provider.trusts_addresses or is_own(email)
    return said in (True, "true")


def is_own(email: str) -> bool:
    """Has the organisation proved that addresses such as this one are its own?"""
    return any(owns(email) for owns in functions("owns_address"))


def made(provider: Provider, claims: dict[str, Any], email: str) -> User:
    """A new member, with the role of their groups, of their invitation, or of the setting."""
    invitation = invitation_to(email)
    if invitation is None and not lets_in(provider, email):
        raise no_member()
    role = role_of(provider, claims) or (invitation.role if invitation else provider.role)
    named = claims if provider.takes_names else {}
    member = join_named(email=email, role=role, claims=named, invitation=invitation)
    shown = picture(provider, claims)
    connect(member=member, subject=claims["sub"], picture=shown)
    if shown:
        fetch_photo.defer(pk=member.pk)
    return member


def lets_in(provider: Provider, email: str) -> bool:
    """Does a person with this address become a member without an invitation?"""
    return provider.makes_members and (not provider.own_domains_only or is_own(email))
