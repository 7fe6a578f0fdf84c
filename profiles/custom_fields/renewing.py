"""The job after a change of fields: converts values to another type, and rebuilds the search words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from profiles.custom_fields import kinds
from profiles.custom_fields.models import Field, Kind, Values
from profiles.custom_fields.searching import BATCH, renew_words
from tenants.tasks import tenant_task


@tenant_task(name="custom_fields.renew", lock="custom_fields")
def renew(converted: tuple[str, str] | None = None) -> None:
    """`converted`: the keys of a deleted field and of its replacement."""
    if converted:
        convert(*converted)
    renew_words()


def renew_soon(converted: tuple[str, str] | None = None) -> None:
    renew.defer(converted=converted)


def convert(before: str, after: str) -> None:
    """Copy values that can be converted to the new field. It keeps values that it already has."""
    fields = Field.objects.in_bulk([before, after])
    if len(fields) < 2:
        return
    waiting = Values.objects.filter(values__has_key=before).exclude(values__has_key=after).order_by("pk")
    last = 0
    while keys := list(waiting.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        convert_batch(keys, fields[before], fields[after])
        last = keys[-1]


@transaction.atomic
def convert_batch(keys: list[int], before: Field, after: Field) -> None:
    # Locked, so that a member's concurrent save is not overwritten.
    rows = list(Values.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    for row in rows:
        if after.key not in row.values and (value := converted_value(before, after, row.values.get(before.key))):
            row.values[after.key] = value
    Values.objects.bulk_update(rows, ["values"])


def converted_value(before: Field, after: Field, value: Any) -> Any:
    """The value in another type, or None if it cannot be one."""
    if value is None or Kind.PERSON in (before.kind, after.kind):
        return None
    typed = kinds.typed(value)
    options = {option.casefold(): option for option in after.options}
    if after.kind == Kind.CHOICES:
        parts = value if isinstance(value, list) else typed.split(",")
        chosen: Any = [options.get(part.strip().casefold(), part) for part in parts]
    else:
        chosen = options.get(typed.casefold(), typed)
    try:
        return kinds.checked(after, chosen)
    except ValidationError:
        return None


def convertible(before: Field, after: Field) -> tuple[int, int]:
    """How many members have a value of the field, and how many of these values can be of the other one's type."""
    values = Values.objects.filter(values__has_key=before.key).values_list(f"values__{before.key}", flat=True)
    number = fitting = 0
    for value in values.iterator():
        number += 1
        fitting += converted_value(before, after, value) is not None
    return number, fitting
