"""Verbs of handing over the ownership: offer, withdraw, decline, accept.

Every verb first locks all owners and both members in the order of their primary keys, as all changes of members do.
So both roles change together, and at least one active owner always remains.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.invitations.changes import withdraw as withdraw_invitations
from profiles.mail.outbox import post
from profiles.members.changes import locked
from profiles.models import User
from profiles.ownership.models import Offer, expiry
from profiles.ownership.rights import hands_over
from profiles.roles import Role
from tenants.context import required
from tenants.events import emit


@transaction.atomic
def offer(*, actor: User, member: User) -> Offer:
    """Offer the ownership to a member. Replaces an earlier offer. The member gets a mail.

    Raises PermissionDenied unless the actor is an owner, and ValidationError if the member cannot become one.
    """
    people = locked(actor, member)
    if actor.pk not in people or not hands_over(people[actor.pk]):
        raise PermissionDenied
    actor, taker = people[actor.pk], people.get(member.pk)
    if taker is None or not taker.is_active or taker.role == Role.OWNER:
        raise ValidationError(_("Choose an active member who is not an owner."), code="member")
    made, _is_new = Offer.objects.update_or_create(giver=actor, defaults={"taker": taker, "expires": expiry()})
    emit("ownership.offered", made.taker, by=actor)
    tell(taker, "ownership_offered", giver=actor, offer=made, url=reverse("ownership_offer", args=[actor.pk]))
    return made


@transaction.atomic
def withdraw(*, actor: User) -> None:
    """Withdraw the actor's offer, if there is one."""
    locked(actor)
    for made in Offer.objects.select_related("taker").filter(giver=actor):
        emit("ownership.withdrawn", made.taker, by=actor)
        made.delete()


@transaction.atomic
def decline(*, actor: User, giver: int) -> None:
    """Raises Offer.DoesNotExist."""
    locked(actor)
    made = Offer.objects.select_related("giver").get(giver=giver, taker=actor)
    emit("ownership.declined", made.giver, by=actor)
    tell(made.giver, "ownership_declined", taker=actor)
    made.delete()


@transaction.atomic
def accept(*, actor: User, giver: int) -> None:
    """Make the actor an owner, and give the former owner the actor's role.

    Raises Offer.DoesNotExist if the offer has ended, and PermissionDenied if the member was deactivated.
    """
    people = locked(actor, User(pk=giver))
    if actor.pk not in people or not people[actor.pk].is_active:
        raise PermissionDenied
    made = Offer.objects.open().get(giver=giver, taker=actor)
    taker, owner = people[actor.pk], people[giver]
    if taker.role == Role.OWNER:  # changed by another owner meanwhile
        raise Offer.DoesNotExist
    emit("ownership.handed_over", owner, taker, by=taker)
    exchange(owner, taker)
    withdraw_invitations(owner, by=taker)
    tell(owner, "ownership_accepted", taker=taker, role=owner.get_role_display())
    made.delete()


def exchange(owner: User, taker: User) -> None:
    """Change the new owner first, so that there is always an owner."""
    former = taker.role
    for member, role in ((taker, Role.OWNER), (owner, former)):
        emit("member.role_changed", member, by=taker, role=(member.role, role))
        member.role = role
        member.save(update_fields=["role"])


def tell(reader: User, template: str, *, url: str = "", **context: object) -> None:
    if reader.email:
        context |= {"member": reader, "url": required().url(url or reverse("home"))}
        post(to=reader.email, reader=reader, template=template, context=context)
