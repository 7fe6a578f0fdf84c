"""Two-factor sign-in: in the overview of what protects an account, on a member's page, and in the file of members."""

from collections.abc import Mapping, Sequence
from typing import Any

from profiles.models import User
from profiles.people.added import PeopleColumn
from profiles.roles import manages_members
from profiles.two_factor.members import factors


def context(page: Any) -> dict[str, Any]:
    return {"is_on": has_one(page["request"].user)}


def person(page: Any) -> dict[str, Any] | None:
    """For those who manage this member. On their own page members see nothing of it."""
    return {"is_on": has_one(page["member"]), "member": page["member"]} if page["manages"] else None


def has_one(member: User) -> bool:
    return factors().filter(user=member).exists()


def is_on(members: Sequence[User]) -> Mapping[int, str]:
    """The word "yes" for those who have it."""
    having = factors().filter(user__in=members).values_list("user_id", flat=True)
    return dict.fromkeys(having, "yes")


def columns(viewer: User, where: str) -> list[PeopleColumn]:
    return [PeopleColumn(name="two_factor", values=is_on)] if where == "file" and manages_members(viewer) else []
