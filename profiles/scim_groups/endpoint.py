"""The endpoint /scim/v2/Groups."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from scim2_models import Resource

from profiles.groups.models import Group as GroupRow
from profiles.scim.endpoints import Endpoint
from profiles.scim.models import Directory
from profiles.scim_groups import changes
from profiles.scim_groups.resources import Group
from profiles.scim_groups.shown import COLUMNS, shown


class Groups(Endpoint):
    model = Group
    columns = COLUMNS
    answers_patches = False

    def rows(self) -> "QuerySet[GroupRow]":
        return GroupRow.objects.select_related("directory_link").order_by("pk")

    def shown(self, rows: Sequence[GroupRow], leaving_out: set[str]) -> list[Resource[Any]]:
        return [*shown(rows, with_members="members" not in leaving_out)]

    def make(self, directory: Directory, wanted: Group) -> GroupRow:
        return changes.make(directory=directory, wanted=wanted)

    def change(self, directory: Directory, row: GroupRow, *, before: Group, wanted: Group) -> None:
        changes.change(directory=directory, group=row, before=before, wanted=wanted)

    def remove(self, directory: Directory, row: GroupRow) -> None:
        changes.remove(directory=directory, group=row)
