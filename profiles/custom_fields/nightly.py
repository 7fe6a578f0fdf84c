"""Deletes fields and their values for good, some time after they were deleted on the page."""

from django.db.models import F, Func, JSONField, Value

from profiles.custom_fields.changes import ended
from profiles.custom_fields.models import Values
from profiles.custom_fields.searching import BATCH
from tenants.cleaning import nightly


@nightly
def end_fields() -> int:
    """Delete fields CUSTOM_FIELDS_KEPT_DAYS after their deletion, the values first; returns how many."""
    keys = list(ended().values_list("key", flat=True))
    for key in keys:
        end_values(key)
    return ended().filter(key__in=keys).delete()[0] if keys else 0


def end_values(key: str) -> None:
    last = 0
    having = Values.objects.filter(values__has_key=key).order_by("pk").values_list("pk", flat=True)
    while some := list(having.filter(pk__gt=last)[:BATCH]):
        Values.objects.filter(pk__in=some).update(values=without(key))
        last = some[-1]


def without(key: str) -> Func:
    """The values without this key: https://www.postgresql.org/docs/current/functions-json.html"""
    return Func(F("values"), Value(key), template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())
