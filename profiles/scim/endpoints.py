"""An endpoint for each type of resource. profiles/scim/offered.py has the list."""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string
from scim2_models import Resource

from profiles import seats
from profiles.members.changes import locked_by
from profiles.models import User as Member
from profiles.scim import accounts, leaving, people
from profiles.scim.filters import Columns
from profiles.scim.models import Directory
from profiles.scim.offered import ENDPOINTS, MEMBERSHIPS
from profiles.scim.resources import GroupOfUser, User


class Endpoint:
    """What the views need of a type of resource."""

    model: ClassVar[type[Resource[Any]]]
    columns: ClassVar[Columns]
    # Is a changed resource in the response to a PATCH? A group with thousands of members is not.
    answers_patches = True

    def rows(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def shown(self, rows: Sequence[Any], leaving_out: set[str]) -> list[Resource[Any]]:
        """The rows as resources, without attributes that are not asked for."""
        raise NotImplementedError

    def completed(self, sends: Any) -> Any:
        """What a POST or PUT sends, with what may be left out."""
        return sends

    def lock(self, directory: Directory, pk: int | None = None) -> None:
        """Requests of a directory that change something wait for each other, before they read what there is.

        The order of locks is that of profiles/members/changes.py.
        """
        seats.lock()
        locked_by(directory.service_id, *self.members_of(pk))

    def members_of(self, pk: int | None) -> Sequence[int]:
        """The primary keys of members that a change of this row locks."""
        return []

    def make(self, directory: Directory, wanted: Any) -> Model:
        raise NotImplementedError

    def change(self, directory: Directory, row: Any, *, before: Any, wanted: Any) -> None:
        raise NotImplementedError

    def remove(self, directory: Directory, row: Any) -> None:
        raise NotImplementedError


class Users(Endpoint):
    model = User
    columns = accounts.COLUMNS

    def rows(self) -> "QuerySet[Member]":
        return accounts.members().order_by("pk")

    def shown(self, rows: Sequence[Member], leaving_out: set[str]) -> list[Resource[Any]]:
        groups: dict[int, list[GroupOfUser]] = {}
        if "groups" not in leaving_out:
            for groups_of in map(import_string, MEMBERSHIPS):
                groups |= groups_of(rows)
        return [accounts.shown(row, groups.get(row.pk)) for row in rows]

    def completed(self, sends: Any) -> Any:
        """Of a person without a mailbox, Entra ID sends no address. The userName is one mostly."""
        if not isinstance(sends, dict):
            return sends
        given = {name.lower(): value for name, value in sends.items()}
        name = given.get("username")
        if not given.get("emails") and isinstance(name, str) and "@" in name:
            sends = without(sends, "emails") | {"emails": [{"value": name}]}
        return sends if given.get("active") is not None else without(sends, "active") | {"active": True}

    def members_of(self, pk: int | None) -> Sequence[int]:
        return [] if pk is None else [pk]

    def make(self, directory: Directory, wanted: User) -> Member:
        return people.make(directory=directory, wanted=wanted)

    def change(self, directory: Directory, row: Member, *, before: User, wanted: User) -> None:
        people.change(by=directory.service, member=row, before=before, wanted=wanted)

    def remove(self, directory: Directory, row: Member) -> None:
        leaving.remove(by=directory.service, member=row)


def without(sends: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in sends.items() if each.lower() != name}


@cache
def endpoint(name: str) -> Endpoint:
    """The one for this type of resource. Raises KeyError."""
    found: type[Endpoint] = import_string(ENDPOINTS[name])
    return found()
