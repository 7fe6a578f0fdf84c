"""The search words of members from fields marked as searched, in User.more_words."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from profiles.custom_fields import kinds
from profiles.custom_fields.models import Field, Kind, Values
from profiles.models.names import MANAGERS_MARK, indexed
from profiles.roles import Audience

BATCH = 1_000
# bulk_update() would send a condition for each row, and take three times as long.
WRITE = """
UPDATE profiles_user SET more_words = found.words FROM unnest(%s::bigint[], %s::text[]) AS found (id, words)
WHERE profiles_user.id = found.id
"""


def words(fields: Iterable[Field], values: dict[str, Any]) -> str:
    """Words that everyone can search, and, marked, those for owners and admins only."""
    searched = (field for field in fields if field.is_searched and field.deleted is None and field.key in values)
    marks = {Audience.EVERYONE: "", Audience.MANAGERS: MANAGERS_MARK}
    return " ".join(
        indexed(searchable(each, values[each.key]), mark=marks[Audience(each.seen_by)]) for each in searched
    )


def searchable(field: Field, value: Any) -> str:
    """The text as typed; a phone number also in groups of digits."""
    return f"{kinds.typed(value)} {kinds.text(field, value) if field.kind == Kind.PHONE else ''}"


def renew_words() -> None:
    """Rebuild all members' search words, in short transactions, after a field has changed."""
    last = 0
    keys = Values.objects.order_by("pk").values_list("pk", flat=True)
    while some := list(keys.filter(pk__gt=last)[:BATCH]):
        renew_some(some)
        last = some[-1]


@transaction.atomic
def renew_some(keys: list[int]) -> None:
    # Locked, so that a member's concurrent save is not overwritten with old words.
    rows = Values.objects.select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk")
    fields, changed = list(Field.objects.in_use()), {}
    for row in rows.select_related("profile__user"):
        if (now := words(fields, row.values)) != row.profile.user.more_words:
            changed[row.profile.user_id] = now
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(changed), list(changed.values())])
