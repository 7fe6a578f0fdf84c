"""The columns of the list of people."""

from collections.abc import Sequence

from profiles.custom_fields.models import Field
from profiles.custom_fields.shown import shown_values
from profiles.models import User
from profiles.people.lists import AddedColumn
from profiles.roles import Audience, manages_members


def columns(viewer: User, members: Sequence[User]) -> list[AddedColumn]:
    fields = list(Field.objects.in_use().filter(is_column=True))
    fields = [field for field in fields if field.seen_by == Audience.EVERYONE or manages_members(viewer)]
    profiles = [profile for member in members if (profile := getattr(member, "profile", None))]
    values = shown_values(viewer, profiles, fields)
    texts = {(user, each.field.key): each.text for user, found in values.items() for each in found}
    return [
        AddedColumn(field.label, {member.pk: texts.get((member.pk, field.key), "") for member in members})
        for field in fields
    ]
