"""What is done to many members at once: they are locked together, and each is saved, so that apps hear of each.

The rules are those of changes.py, and one more: owners are not touched, and no one becomes an owner. So the password is
asked for each owner by itself, and an active owner always remains. Who is refused is left as they are; the reasons are
in profiles/people/bulk.py.
"""

from collections.abc import Callable, Collection, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from profiles.invitations.changes import withdraw
from profiles.members.changes import forget, locked_by, shut_out
from profiles.models import User
from profiles.people.bulk import Outcome
from profiles.roles import Role, check_role, grants, manages, manages_members
from profiles.seats import NO_SEAT, lock, take_seats
from profiles.sign_in import sessions
from tenants.events import emit


@transaction.atomic
def change_roles(*, actor: User, roles: Mapping[int, str], only: str = "") -> Outcome:
    """Give members other roles, by their primary keys; with `only`, those alone who have that role still.

    Raises PermissionDenied for an actor who may not give one of these roles, and ValidationError for unknown ones.
    """
    outcome = Outcome()
    actor, members = claim(actor, roles, outcome)
    for role in set(roles.values()):
        check_role(role)
        if role == Role.OWNER or not grants(actor, role):
            raise PermissionDenied
    members = left(outcome, "changed", members, lambda member: not only or member.role == only)
    members = left(outcome, "same_role", members, lambda member: member.role != roles[member.pk])
    for member in members:
        emit("member.role_changed", member, by=actor, role=(member.role, roles[member.pk]))
        outcome.former[str(member.pk)] = member.role
        member.role = roles[member.pk]
        member.save(update_fields=["role"])
    withdraw(*members, by=actor)
    return did(outcome, members)


@transaction.atomic
def deactivate_all(*, actor: User, members: Collection[int]) -> Outcome:
    """Sign members out everywhere and refuse sign-in from now on."""
    outcome = Outcome()
    actor, found = claim(actor, members, outcome)
    found = left(outcome, "deactivated", found, lambda member: member.is_active)
    for member in found:
        emit("member.deactivated", member, by=actor)
    shut_out(*found, by=actor)
    return did(outcome, found)


@transaction.atomic
def reactivate_all(*, actor: User, members: Collection[int]) -> Outcome:
    """Let deactivated members sign in again, as many as there are seats for."""
    outcome = Outcome()
    lock()
    actor, found = claim(actor, members, outcome)
    found = left(outcome, "active", found, lambda member: not member.is_active)
    seated = {member.pk for member in found[: take_seats(len(found))]}
    found = left(outcome, NO_SEAT, found, lambda member: member.pk in seated)
    sessions.end_all(*found)  # One that was created during the deactivation must not become valid now.
    for member in found:
        member.is_active = True
        member.save(update_fields=["is_active"])
        emit("member.reactivated", member, by=actor)
    return did(outcome, found)


@transaction.atomic
def remove_all(*, actor: User, members: Collection[int]) -> Outcome:
    """Delete members with their profiles, photos, email addresses and sessions."""
    outcome = Outcome()
    actor, found = claim(actor, members, outcome)
    for member in found:
        emit("member.removed", member, by=actor)
    shut_out(*found, by=actor)
    forget(*found)
    did(outcome, found)
    User.objects.filter(pk__in=outcome.done).delete()
    return outcome


def claim(actor: User, members: Collection[int], outcome: Outcome) -> tuple[User, list[User]]:
    """The actor, and the members that the actor may change, locked until the transaction ends.

    Raises PermissionDenied for an actor who manages no members now.
    """
    people = locked_by(actor.pk, *members)
    fresh = people.get(actor.pk)
    if fresh is None or not manages_members(fresh):
        raise PermissionDenied
    outcome.refused["gone"] += [pk for pk in members if pk not in people]
    found = [people[pk] for pk in members if pk in people]
    for member in found:
        if reason := refusal(fresh, member):
            outcome.refused[reason].append(member.pk)
    return fresh, [member for member in found if not refusal(fresh, member)]


def refusal(actor: User, member: User) -> str:
    """Why nothing is done to this member in bulk, or ""."""
    if member.pk == actor.pk:
        return "self"
    if member.role == Role.OWNER:
        return "owner"
    return "" if manages(actor, member) else "not_yours"


def left(outcome: Outcome, reason: str, members: list[User], stays: Callable[[User], bool]) -> list[User]:
    """The members for whom this holds. The others are skipped with this reason."""
    outcome.refused[reason] += [member.pk for member in members if not stays(member)]
    return [member for member in members if stays(member)]


def did(outcome: Outcome, members: list[User]) -> Outcome:
    outcome.done += [member.pk for member in members]
    return outcome
