"""Groups as resources of SCIM, and the groups of users: one statement for a whole page."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from scim2_models import Reference

from profiles.groups.models import Group as GroupRow
from profiles.groups.models import Membership
from profiles.models import User
from profiles.scim.accounts import members
from profiles.scim.filters import NONE, Columns, by_pk, key
from profiles.scim.place import PATH
from profiles.scim.resources import GroupOfUser
from profiles.scim_groups.models import Link
from profiles.scim_groups.resources import Group, MemberOfGroup
from tenants.context import required


def has_member(value: Any) -> Q:
    pk = key(str(value))
    return NONE if pk is None else Q(pk__in=Membership.objects.filter(user=pk).values("group"))


COLUMNS: Columns = {
    "id": by_pk,
    "displayname": lambda value: Q(name__iexact=str(value)),
    "externalid": lambda value: Q(directory_link__external_id=value) if value else NONE,
    "members": has_member,
    "members.value": has_member,
}


def link_of(group: GroupRow) -> Link | None:
    return getattr(group, "directory_link", None)


def address(path: str) -> Reference[Any]:
    return Reference(required().url(f"{PATH}{path}"))


def shown(groups: Sequence[GroupRow], *, with_members: bool) -> list[Group]:
    found: dict[int, list[MemberOfGroup]] = defaultdict(list)
    if with_members:
        rows = Membership.objects.filter(group__in=groups, user__in=members().values("pk"))
        for group, user in rows.order_by("user").values_list("group", "user"):
            found[group].append(MemberOfGroup(value=str(user), ref=address(f"Users/{user}")))
    return [one(group, found.get(group.pk)) for group in groups]


def one(group: GroupRow, among: list[MemberOfGroup] | None) -> Group:
    link = link_of(group)
    external_id = link.external_id if link else None
    return Group(id=str(group.pk), display_name=group.name, external_id=external_id, members=among)


def groups_of(people: Sequence[User]) -> dict[int, list[GroupOfUser]]:
    found: dict[int, list[GroupOfUser]] = defaultdict(list)
    for row in Membership.objects.filter(user__in=people).select_related("group").order_by("group"):
        group = GroupOfUser(value=str(row.group_id), ref=address(f"Groups/{row.group_id}"), display=row.group.name)
        found[row.user_id].append(group)
    return found
