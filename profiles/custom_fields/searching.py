"""The words by which members are found: those of searched fields, in User.more_words."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

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
    last = 0
    keys = Values.objects.order_by("pk").values_list("pk", flat=True)
    while some := list(keys.filter(pk__gt=last)[:BATCH]):
        renew_some(some)
        last = some[-1]


@transaction.atomic
def renew_some(keys: list[int]) -> None:
    # Locked, so that what a member saves meanwhile is not overwritten by words of what was there before.
    rows = Values.objects.select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk")
    fields, changed = list(Field.objects.in_use()), []
    for row in rows.select_related("profile__user"):
        user, now = row.profile.user, words(fields, row.values)
        if now != user.more_words:
            user.more_words = now
            changed.append(user)
    User.objects.bulk_update(changed, ["more_words"])
