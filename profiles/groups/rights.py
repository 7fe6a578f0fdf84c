"""Who may make groups, and whether a member is in a group."""

from django.core.exceptions import PermissionDenied

from profiles.groups.models import Group
from profiles.models import User
from profiles.roles import Member, manages_members

NAMES = "_names_of_groups"


def manages_groups(user: Member) -> bool:
    return manages_members(user)


def in_group(user: User, name: str) -> bool:
    """Whether this active member is in the group with this name, regardless of case. For predicates of an app.

    It takes one statement per user object, for any number of groups, so that the answer is the same for a whole page.
    After a group is renamed, its old name gives no rights any more.
    """
    return user.is_active and name.casefold() in names_of_groups(user)


def names_of_groups(user: User) -> frozenset[str]:
    if not hasattr(user, NAMES):
        names = Group.objects.filter(members=user.pk).values_list("name", flat=True)
        setattr(user, NAMES, frozenset(map(str.casefold, names)))
    return getattr(user, NAMES)


def check_manages(actor: User) -> None:
    """Raise PermissionDenied unless the actor may change groups, now and until the transaction ends."""
    fresh = User.objects.select_for_update(no_key=True).filter(pk=actor.pk).first()
    if fresh is None or not manages_groups(fresh):
        raise PermissionDenied
