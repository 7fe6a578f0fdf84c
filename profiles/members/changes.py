"""Changes to a member: change role, deactivate, reactivate, remove; and leave, which members do themselves.

At least one active owner always remains. Only another owner can remove an owner; the last one cannot leave. This holds
for concurrent changes too, because all owners are locked before the decision.

All verbs lock rows in the same order, so that no two wait for each other: the organisation's row (profiles/seats.py),
members (locked(), or one member alone), everything else. Removing a member changes the rows that name them, so a verb
that locks such a row and needs its member locks the member first. tests/profiles/locks.py checks the order.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from profiles import seats
from profiles.invitations.changes import withdraw
from profiles.models import HandOff, OutgoingMail, User
from profiles.models.user import UserQuerySet
from profiles.roles import Role, check_role, grants, manages
from profiles.sign_in import sessions
from tenants.events import emit
from tenants.notices import notify


@transaction.atomic
def change_role(*, actor: User, member: User, role: str) -> None:
    """Give a member another role. Raises PermissionDenied, and ValidationError for the last owner or unknown roles."""
    check_role(role)
    actor, member = claim(actor, member)
    if not grants(actor, role):
        raise PermissionDenied
    if role != Role.OWNER:
        keep_an_owner(without=member)
    if role != member.role:
        emit("member.role_changed", member, by=actor, role=(member.role, role))
        notify(member, "member.role_changed", member, by=actor, role=role)
    member.role = role
    member.save(update_fields=["role"])
    withdraw(member, by=actor)


@transaction.atomic
def deactivate(*, actor: User, member: User) -> None:
    """Sign a member out everywhere and refuse sign-in from now on; their data is kept.

    Raises PermissionDenied, and ValidationError for the last owner and for a member who is deactivated already.
    """
    member = claim(actor, member)[1]
    if not member.is_active:
        raise ValidationError(_("%(name)s is already deactivated."), code="deactivated", params={"name": member.name})
    keep_an_owner(without=member)
    emit("member.deactivated", member, by=actor)
    shut_out(member, by=actor)


@transaction.atomic
def reactivate(*, actor: User, member: User) -> None:
    """Let a deactivated member sign in again.

    Raises PermissionDenied, and ValidationError for a member who is active already, or if no seat is free.
    """
    seats.lock()
    member = claim(actor, member)[1]
    if member.is_active:
        raise ValidationError(_("%(name)s is already active."), code="active", params={"name": member.name})
    seats.take_seat()
    # A session that was created during the deactivation must not become valid now.
    sessions.end_all(member)
    member.is_active = True
    member.save(update_fields=["is_active"])
    emit("member.reactivated", member, by=actor)


@transaction.atomic
def remove(*, actor: User, member: User) -> None:
    """Delete a member with their profile, photo, email addresses and sessions.

    Raises PermissionDenied, and ValidationError for the last owner.
    """
    member = claim(actor, member)[1]
    emit("member.removed", member, by=actor)
    delete(member, by=actor)


@transaction.atomic
def leave(*, member: User) -> None:
    """Delete the member who leaves, with everything that remove() deletes.

    Raises ValidationError for the last owner, and PermissionDenied for a member who has just been deactivated or
    removed.
    """
    people = locked(member)
    if member.pk not in people or not people[member.pk].is_active:
        raise PermissionDenied
    emit("member.left", member, by=member)
    delete(people[member.pk], by=member)


def claim(actor: User, member: User) -> tuple[User, User]:
    """Reload both, locked until the transaction ends.

    Raises PermissionDenied if the actor may not manage the member or has just been removed, and User.DoesNotExist if
    the member has just been removed.
    """
    people = locked(actor, member)
    if member.pk not in people:
        raise User.DoesNotExist
    if actor.pk not in people or not manages(people[actor.pk], people[member.pk]):
        raise PermissionDenied
    return people[actor.pk], people[member.pk]


def locked(*members: User) -> dict[int, User]:
    """Reload these members and all owners, locked until the transaction ends; returns them by primary key.

    Owners are locked first, then the others, by primary key: who locks several members waits before holding any.
    """
    return locked_by(*(member.pk for member in members))


def locked_by(*pks: int) -> dict[int, User]:
    """The same, by primary keys."""
    concerned = User.objects.filter(Q(role=Role.OWNER) | Q(pk__in=pks))
    owners_first = Case(When(role=Role.OWNER, then=0), default=1)
    return {person.pk: person for person in concerned.select_for_update().order_by(owners_first, "pk")}


def keep_an_owner(*, without: User) -> None:
    """Raise ValidationError, code "last_owner", if there is no active owner but this one.

    Locks the owner that it relies on: a member may have become an owner since locked(), and be leaving.
    """
    if without.role == Role.OWNER and not other_owners(without).select_for_update().exists():
        sentence = _("%(name)s is the only active owner. Make another member an owner first.")
        raise ValidationError(sentence, code="last_owner", params={"name": without.name})


def is_last_owner(member: User) -> bool:
    """Is this the only active owner? For pages only, since the answer may change at any moment."""
    return member.role == Role.OWNER and not other_owners(member).exists()


def other_owners(member: User) -> UserQuerySet:
    return User.objects.owners().exclude(pk=member.pk)


def delete(member: User, *, by: User) -> None:
    """Delete a locked member with their profile, photo, email addresses and sessions."""
    keep_an_owner(without=member)
    shut_out(member, by=by)
    forget(member)
    member.delete()


def forget(*members: User) -> None:
    """Delete mail that waits to be sent to them. Their invitations are deleted at night (invitations/endings.py)."""
    OutgoingMail.objects.filter(to__in=[member.email for member in members if member.email]).delete()


def shut_out(*members: User, by: User) -> None:
    """End everything with which members can act: account, sessions, one-time links, invitations they have sent."""
    for member in members:
        member.is_active = False
        member.save(update_fields=["is_active"])  # Apps listen for it, and end what they have given the member.
    sessions.end_all(*members)
    HandOff.objects.filter(user__in=members).delete()
    withdraw(*members, by=by)
