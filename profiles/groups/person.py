"""The groups of a member, on their page."""

from typing import Any

from profiles.groups.models import Group
from profiles.models import User
from shared.prepared import Prepared, later

GROUPS = Prepared(lambda: Group.objects.filter(members=later("member", User._meta.pk)).by_name())


def context(page: Any) -> dict[str, Any] | None:
    groups = GROUPS.rows(member=page["member"].pk)
    return {"groups": groups} if groups else None
