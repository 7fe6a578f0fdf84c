"""Fields as columns: some in the list of people, all in its CSV file."""

from collections.abc import Mapping, Sequence
from functools import partial

from profiles.custom_fields.models import Field
from profiles.custom_fields.shown import shown_values
from profiles.models import User
from profiles.people.added import PeopleColumn, Where
from profiles.roles import Audience, manages_members


class Texts:
    """The texts of all columns for some members, loaded in one go."""

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


def columns(viewer: User, where: Where) -> list[PeopleColumn]:
    """In the CSV file their names begin with `field_`, so that they differ from all other columns."""
    fields = Field.objects.in_use().exclude(seen_by=Audience.SELF)
    fields = fields if manages_members(viewer) else fields.filter(seen_by=Audience.EVERYONE)
    found = list(fields.filter(is_column=True) if where != "file" else fields)
    texts = Texts(viewer, found)
    return [
        PeopleColumn(name=f"field_{field.key}", label=field.label, values=partial(texts.of, field.key))
        for field in found
    ]
