"""Fields in the list of people, as far as they are columns, and all of them in the file of people."""

from collections.abc import Mapping, Sequence
from functools import partial

from profiles.custom_fields.models import Field
from profiles.custom_fields.shown import shown_values
from profiles.models import User
from profiles.people.added import PeopleColumn
from profiles.roles import Audience, manages_members


class Texts:
    """The texts of all columns for some members, which are loaded together."""

    def __init__(self, viewer: User, fields: list[Field]) -> None:
        self.viewer, self.fields = viewer, fields
        self.members: Sequence[User] = ()
        self.found: dict[str, dict[int, str]] = {}

    def of(self, key: str, members: Sequence[User]) -> Mapping[int, str]:
        if members is not self.members:
            self.members, self.found = members, self.load(members)
        return self.found[key]

    def load(self, members: Sequence[User]) -> dict[str, dict[int, str]]:
        found: dict[str, dict[int, str]] = {field.key: {} for field in self.fields}
        for user, values in shown_values(self.viewer, [member.pk for member in members], self.fields).items():
            for each in values:
                found[each.field.key][user] = each.text
        return found


def columns(viewer: User) -> list[PeopleColumn]:
    """In the file their names begin with `field_`, so that none has the name of another column."""
    seen = (Audience.EVERYONE, Audience.MANAGERS) if manages_members(viewer) else (Audience.EVERYONE,)
    fields = [field for field in Field.objects.in_use() if field.seen_by in seen]
    listed, all_of_them = Texts(viewer, [field for field in fields if field.is_column]), Texts(viewer, fields)
    return [
        PeopleColumn(
            name=f"field_{field.key}",
            label=field.label,
            is_listed=field.is_column,
            values=partial((listed if field.is_column else all_of_them).of, field.key),
        )
        for field in fields
    ]
