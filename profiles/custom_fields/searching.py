"""The words by which members are found: those of searched fields, in User.more_words."""

from collections.abc import Iterable
from typing import Any

from profiles.custom_fields import kinds
from profiles.custom_fields.models import Field, Kind, Values
from profiles.models import User
from profiles.models.names import MANAGERS_MARK, indexed
from profiles.roles import Audience

BATCH = 1_000


def words(fields: Iterable[Field], values: dict[str, Any]) -> str:
    """Words of what everyone sees, and, marked, of what only owners and admins see."""
    searched = (field for field in fields if field.is_searched and field.deleted is None and field.key in values)
    marks = {Audience.EVERYONE: "", Audience.MANAGERS: MANAGERS_MARK}
    return " ".join(
        indexed(searchable(each, values[each.key]), mark=marks[Audience(each.seen_by)]) for each in searched
    )


def searchable(field: Field, value: Any) -> str:
    """As it is typed, and a phone number also in groups of digits."""
    return f"{kinds.typed(value)} {kinds.text(field, value) if field.kind == Kind.PHONE else ''}"


def renew_words() -> None:
    """Write the words of all members anew, in short transactions, after a field has changed."""
    fields = list(Field.objects.in_use())
    for rows in batches():
        profiles = [row.profile for row in rows]
        changed = []
        for row, profile in zip(rows, profiles, strict=True):
            if (now := words(fields, row.values)) != profile.user.more_words:
                profile.user.more_words = now
                changed.append(profile.user)
        User.objects.bulk_update(changed, ["more_words"])


def batches() -> Iterable[list[Values]]:
    """All members' values, a batch at a time, with profile and user."""
    last = 0
    rows = Values.objects.select_related("profile__user").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk
