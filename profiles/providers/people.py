"""Finds the member that a provider names, by subject alone. A verified address proposes one, or lets a person join."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.invitations.named import active, invitation_to, join_named, no_member
from profiles.models import User
from profiles.providers.kinds import Person, Provider
from profiles.providers.linking import link
from profiles.providers.models import Identity
from profiles.roles import Role
from profiles.sign_in.refusing import refusal
from shared.capabilities.registry import imported
from tenants.context import required


class Unconfirmed(Exception):
    """There is a member with this address, who has to confirm it by another way to sign in."""

    def __init__(self, member: User) -> None:
        super().__init__(member)
        self.member = member


@transaction.atomic
def member_named(request: HttpRequest, provider: Provider, person: Person) -> User:
    """Raises ValidationError, with a sentence for the person, and Unconfirmed."""
    found = Identity.objects.select_related("member").filter(provider=provider.name, subject=person.subject)
    if identity := found.first():
        found.update(used=timezone.now())
        return active(identity.member)
    if not person.email:
        words = _(
            "%(provider)s did not give a verified email address. "
            "Sign in in another way, then link %(provider)s in your account."
        )
        raise ValidationError(words % {"provider": provider.label}, code="email")
    member = User.objects.filter(email=person.email).first()
    if member is None:
        return joined(request, provider, person)
    check(request, active(member))
    raise Unconfirmed(member)


def joined(request: HttpRequest, provider: Provider, person: Person) -> User:
    """Make a new member, if an invitation or a rule of the organisation allows it."""
    invitation = invitation_to(person.email)
    if invitation and not person.is_current:
        words = _("You are invited to %(organisation)s. Use the link in the invitation; link %(provider)s afterwards.")
        words %= {"organisation": required().name, "provider": provider.label}
        raise ValidationError(words, code="not_current")
    role = invitation.role if invitation else role_by_rule(person)
    if not role:
        raise no_member()
    check(request, User(email=person.email, role=role))
    member = join_named(email=person.email, role=role, claims=person.claims, invitation=invitation)
    link(member=member, provider=provider.name, subject=person.subject, shown=person.shown)
    Identity.objects.filter(member=member).update(used=timezone.now())
    return member


def role_by_rule(person: Person) -> str:
    """By the rules of apps (join_rules), for an address that is the person's today. No rule makes owners."""
    rules = imported("join_rules") if person.is_current else ()
    return next((role for rule in rules if (role := rule(person.email)) not in ("", Role.OWNER)), "")


def check(request: HttpRequest, member: User) -> None:
    """Raises ValidationError where the organisation lets this member sign in in other ways alone."""
    if words := refusal(request, member):
        raise ValidationError(words, code="refused")
