"""Values as one viewer sees them. Every page, column and API response uses this module."""

from dataclasses import dataclass
from typing import Any

from profiles.custom_fields import kinds
from profiles.custom_fields.models import Field, Kind, Values
from profiles.custom_fields.rights import sees_value
from profiles.models import User


@dataclass(frozen=True)
class Shown:
    """One value: its text, and for a link its address."""

    field: Field
    text: str
    href: str = ""


def shown_values(viewer: User, users: list[int], fields: list[Field]) -> dict[int, list[Shown]]:
    """What the viewer sees of these fields, by the primary key of the user: at most two statements for all of them."""
    rows = Values.objects.filter(profile__user__in=users).values_list("profile__user_id", "values") if fields else []
    seen = {
        user: [(f, values[f.key]) for f in fields if f.key in values and sees_value(viewer, f, user)]
        for user, values in rows
    }
    people = named(viewer, [value for pairs in seen.values() for f, value in pairs if f.kind == Kind.PERSON])
    return {user: list(filter(None, (shown(*pair, people) for pair in pairs))) for user, pairs in seen.items()}


def named(viewer: User, keys: list[int]) -> dict[int, User]:
    return User.objects.visible_to(viewer).select_related("profile").in_bulk(keys) if keys else {}


def shown(field: Field, value: Any, people: dict[int, User]) -> Shown | None:
    """None for a removed person, or one the viewer cannot see."""
    if field.kind == Kind.PERSON:
        person = people.get(value)
        return Shown(field, person.name, person.profile.get_absolute_url()) if person else None
    hrefs = {Kind.LINK: "{}", Kind.EMAIL: "mailto:{}", Kind.PHONE: "tel:{}"}
    return Shown(field, kinds.text(field, value), hrefs.get(Kind(field.kind), "").format(value))
