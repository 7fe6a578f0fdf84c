"""Verbs of groups: make, change, delete, add and remove members. Each raises PermissionDenied."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.groups.models import Group, Membership
from profiles.groups.rights import check_manages, manages_groups
from profiles.members.changes import locked_by
from profiles.models import User
from tenants.events import emit

# More would not fit into the filter above the list of people.
MOST_GROUPS = 1000


@transaction.atomic
def make(*, actor: User, name: str, description: str = "") -> Group:
    """Raises ValidationError, by field, for a taken or invalid name, and above the maximum of groups."""
    check_manages(actor)
    if Group.objects.count() >= MOST_GROUPS:
        raise ValidationError(_("An organisation can have %(most)s groups."), code="most", params={"most": MOST_GROUPS})
    group = Group(name=name, description=description)
    save(group)
    emit("group.made", group, by=actor)
    return group


@transaction.atomic
def change(*, actor: User, group: Group, name: str, description: str) -> Group:
    """Raises ValidationError like make(), and Group.DoesNotExist if it was deleted."""
    check_manages(actor)
    group = Group.objects.select_for_update().get(pk=group.pk)
    former = group.name
    changes: dict[str, tuple[str, str]] = {"name": (former, name), "description": (group.description, description)}
    group.name, group.description = name, description
    save(group)
    emit("group.changed", group, by=actor, **changes)
    return group


def save(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:  # Another member was faster.
        if error.__cause__.diag.constraint_name != "group_name_unique":  # type: ignore[union-attr]
            raise
        sentence = _("There is a group with this name already.")
        raise ValidationError({"name": ValidationError(sentence, code="unique")}) from error


@transaction.atomic
def delete(*, actor: User, group: Group) -> None:
    """Its members stay in the organisation. Raises Group.DoesNotExist if it was deleted."""
    check_manages(actor)
    group = Group.objects.select_for_update().get(pk=group.pk)
    emit("group.deleted", group, by=actor)
    group.delete()


@transaction.atomic
def add(*, actor: User, group: Group, members: Iterable[int]) -> list[User]:
    """Add members, by primary keys, to a group; returns those who were not in it.

    Raises Group.DoesNotExist if it was deleted. Members who were removed meanwhile are left out.
    """
    members = list(members)
    people = locked_by(actor.pk, *members)
    if actor.pk not in people or not manages_groups(people[actor.pk]):
        raise PermissionDenied
    group = Group.objects.select_for_update().get(pk=group.pk)  # Two requests add no member twice.
    within = set(Membership.objects.filter(group=group).values_list("user", flat=True))
    added = [people[pk] for pk in sorted(people.keys() & {*members} - within)]
    Membership.objects.bulk_create([Membership(group=group, user=member) for member in added])
    for member in added:
        emit("group.member_added", member, group, by=actor)
    return added


@transaction.atomic
def take_out(*, actor: User, group: Group, members: Iterable[int]) -> list[User]:
    """Remove members from a group; returns those who were in it. Raises Group.DoesNotExist if it was deleted."""
    check_manages(actor)
    group = Group.objects.select_for_update().get(pk=group.pk)
    taken = list(User.objects.filter(pk__in=members, groups=group.pk).order_by("pk"))
    for member in taken:
        emit("group.member_removed", member, group, by=actor)
    Membership.objects.filter(group=group, user__in=taken).delete()
    return taken
