"""What a directory does when people leave the company and come back. An owner can leave too, but for the last one."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from profiles.members.changes import deactivate, delete, keep_an_owner, locked, reactivate, shut_out
from profiles.members.changes import remove as remove_member
from profiles.models import User
from profiles.roles import Role, manages_members
from tenants.events import emit


def bring_back(*, by: User, member: User) -> None:
    """Raises PermissionDenied for an owner: another owner decides about that."""
    reactivate(actor=by, member=member)


@transaction.atomic
def end(*, by: User, member: User) -> None:
    """Deactivate a member, an owner too. Raises ValidationError, code "last_owner"."""
    if member.role != Role.OWNER:
        return deactivate(actor=by, member=member)
    owner = claim_owner(by, member)
    emit("member.deactivated", owner, by=by)
    return shut_out(owner, by=by)


@transaction.atomic
def remove(*, by: User, member: User) -> None:
    """Delete a member, an owner too. Raises ValidationError, code "last_owner"."""
    if member.role != Role.OWNER:
        return remove_member(actor=by, member=member)
    owner = claim_owner(by, member)
    emit("member.removed", owner, by=by)
    return delete(owner, by=by)


def claim_owner(by: User, member: User) -> User:
    """Reload an owner, locked until the transaction ends, if another one remains. See profiles.members.changes."""
    people = locked(by, member)
    if member.pk not in people:
        raise User.DoesNotExist
    if by.pk not in people or not manages_members(people[by.pk]):
        raise PermissionDenied
    keep_an_owner(without=people[member.pk])
    return people[member.pk]
