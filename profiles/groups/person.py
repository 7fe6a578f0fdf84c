"""The groups of a member, on their page."""

from typing import Any

from profiles.groups.models import Group


def context(page: Any) -> dict[str, Any] | None:
    groups = list(Group.objects.filter(members=page["member"].pk).by_name())
    return {"groups": groups} if groups else None
