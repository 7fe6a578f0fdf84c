"""Changes to fields: define, change, retype, move, delete, restore; and fill in a member's values."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from profiles.custom_fields import kinds
from profiles.custom_fields.models import Field, Values
from profiles.custom_fields.renewing import renew_soon
from profiles.custom_fields.rights import defines_fields, edits_value
from profiles.custom_fields.searching import words
from profiles.models import Profile, User
from tenants.events import emit

SETTINGS = (
    *("label", "help", "options", "default", "is_required", "edited_by", "seen_by", "is_column", "is_searched"),
)
# Arguments of emit(), so no field can have them as its key.
TAKEN = frozenset({"kind", "objects", "by"})


def locked(actor: User) -> list[Field]:
    """All fields, locked against concurrent changes. Raises PermissionDenied."""
    if not defines_fields(actor):
        raise PermissionDenied
    with connection.cursor() as cursor:
        # Reads are not blocked. https://www.postgresql.org/docs/current/explicit-locking.html
        cursor.execute(f"LOCK TABLE {Field._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    return list(Field.objects.order_by("position", "key"))


def define(*, actor: User, field: Field) -> Field:
    """Add a field at the end. Raises PermissionDenied, and ValidationError as check() does."""
    with transaction.atomic():
        fields = locked(actor)
        check(field, fields)
        field.key = free_key(field.label, {each.key for each in fields})
        field.position = 1 + max((each.position for each in fields), default=0)
        field.save(force_insert=True)
        emit("field.made", field, by=actor)
    return field


def change(*, actor: User, field: Field) -> None:
    """Save changes to a field; its type stays. Raises as define() does."""
    with transaction.atomic():
        fields = locked(actor)
        before = one_of(fields, field.key)
        check(field, fields)
        field.kind = before.kind
        field.save(update_fields=SETTINGS)
        emit("field.changed", field, by=actor, **{n: (getattr(before, n), getattr(field, n)) for n in SETTINGS})
        if any(getattr(before, name) != getattr(field, name) for name in ("seen_by", "is_searched")):
            renew_soon()


def retype(*, actor: User, field: Field, kind: str, options: list[str]) -> Field:
    """Put a field of another type in the place of this one, which is deleted, and convert what can be converted.

    Its values stay until the deleted field ends, so nothing is lost. Raises as define() does.
    """
    with transaction.atomic():
        fields = locked(actor)
        before = one_of(fields, field.key)
        after = retyped(before, kind, options)
        after.check_values(["kind", "options"])
        after.key = free_key(before.label, {each.key for each in fields})
        after.save(force_insert=True)
        before.deleted = timezone.now()
        before.save(update_fields=["deleted"])
        emit("field.retyped", after, by=actor, type=(before.kind, after.kind))
        renew_soon((before.key, after.key))
    return after


def retyped(field: Field, kind: str, options: list[str]) -> Field:
    """The field of another type that would take the place of this one, not saved."""
    names = ("label", "help", "is_required", "edited_by", "seen_by", "is_column", "position")
    after = Field(kind=kind, options=options, **{name: getattr(field, name) for name in names})
    after.is_searched = field.is_searched and kind not in ("date", "person")
    return after


def move(*, actor: User, field: Field, is_up: bool) -> None:
    """Swap a field with its neighbour. The first and the last field stay where there is none."""
    with transaction.atomic():
        fields = [each for each in locked(actor) if each.deleted is None]
        at = next((number for number, each in enumerate(fields) if each.key == field.key), None)
        to = None if at is None else at - 1 if is_up else at + 1
        if at is None or to is None or not 0 <= to < len(fields):
            return
        fields[at], fields[to] = fields[to], fields[at]
        for position, each in enumerate(fields, 1):
            each.position = position
        Field.objects.bulk_update(fields, ["position"])
        emit("field.moved", field, by=actor)


def delete(*, actor: User, field: Field) -> None:
    """Hide a field on all pages. Its values are kept for CUSTOM_FIELDS_KEPT_DAYS."""
    with transaction.atomic():
        before = one_of(locked(actor), field.key)
        before.deleted = timezone.now()
        before.save(update_fields=["deleted"])
        emit("field.deleted", before, by=actor)
        renew_soon()


def restore(*, actor: User, field: Field) -> None:
    """Put a deleted field back, at the end, with its values. Raises ValidationError as check() does."""
    with transaction.atomic():
        fields = locked(actor)
        before = next((each for each in fields if each.key == field.key and each.deleted), None)
        if before is None:
            raise ValidationError(_("This field is not deleted any more."), code="gone")
        before.is_column = False
        check(before, fields)
        before.deleted, before.position = None, 1 + max(each.position for each in fields)
        before.save(update_fields=["deleted", "is_column", "position"])
        emit("field.restored", before, by=actor)
        renew_soon()


def check(field: Field, fields: list[Field]) -> None:
    """Raise ValidationError if another field has the name, or if there are too many fields or columns; and for values
    that no field can have.
    """
    field.check_values()
    others = [each for each in fields if each.deleted is None and each.key != field.key]
    if any(each.label.casefold() == field.label.casefold() for each in others):
        raise ValidationError({"label": ValidationError(_("Another field has this name."), code="unique")})
    if len(others) >= Field.most():
        sentence = _("There are %(number)d fields, which is the most.")
        raise ValidationError(sentence, code="many", params={"number": Field.most()})
    most = settings.CUSTOM_FIELDS_COLUMNS_MOST
    if field.is_column and sum(each.is_column for each in others) >= most:
        sentence = _("The list of people has room for %(number)d fields. Take another one out of it first.")
        raise ValidationError({"is_column": ValidationError(sentence, code="many", params={"number": most})})


def one_of(fields: list[Field], key: str) -> Field:
    """The field with this key. Raises ValidationError if it was deleted meanwhile."""
    for field in fields:
        if field.key == key and field.deleted is None:
            return field
    raise ValidationError(_("This field has been deleted."), code="gone")


def free_key(label: str, taken: set[str]) -> str:
    """A readable key for exports: `employee_number`, and `employee_number_2`."""
    word = slugify(label).replace("-", "_").strip("_0123456789")[:30] or "field"
    number, key = 1, word
    while key in taken | TAKEN:
        number += 1
        key = f"{word}_{number}"
    return key


@transaction.atomic
def fill_in(*, actor: User, profile: Profile, values: Mapping[str, Any]) -> list[Field]:
    """Set a member's values by the keys of fields; returns the fields that changed. None empties one.

    Raises PermissionDenied for a field that the actor may not edit or that is not in use, and ValidationError, by key,
    for what a field cannot have.
    """
    fields = {field.key: field for field in Field.objects.in_use()}
    if any(key not in fields or not edits_value(actor, fields[key], profile) for key in values):
        raise PermissionDenied
    Values.objects.bulk_create([Values(profile=profile)], ignore_conflicts=True)
    row = Values.objects.select_for_update().get(pk=profile.pk)
    clean = cleaned(fields, values, row.values)
    changed = [fields[key] for key, value in clean.items() if row.values.get(key) != value]
    row.values |= clean
    row.values = {key: value for key, value in row.values.items() if value is not None}
    row.save(update_fields=["values"])
    User.objects.filter(pk=profile.user_id).update(more_words=words(fields.values(), row.values))
    return changed


def tell(actor: User, profile: Profile, changed: list[Field]) -> None:
    """Say that these fields have changed. They are among the objects, whose names are the labels as they are now."""
    if changed:
        names = dict.fromkeys(field.key for field in changed)
        emit("profile.changed", profile.user, profile, *changed, by=actor, **names)


def cleaned(fields: Mapping[str, Field], values: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    errors, clean = {}, {}
    for key, value in values.items():
        try:
            clean[key] = kinds.checked(fields[key], value, present.get(key))
        except ValidationError as error:
            errors[key] = error
    if errors:
        raise ValidationError(errors)
    return clean


def ended() -> Any:
    """Deleted fields that can no longer be restored."""
    since = timezone.now() - timedelta(days=settings.CUSTOM_FIELDS_KEPT_DAYS)
    return Field.objects.filter(deleted__lt=since)
