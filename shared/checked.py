"""Models that validate fields at every save(), not only in forms."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from shared.storable import check_storable


def check_values(instance: models.Model, checked: Collection[str], only: Iterable[str] | None = None) -> None:
    """Validate these fields, or those of them in `only`, and store the cleaned values. Raises ValidationError."""
    wanted = set(checked if only is None else only) & set(checked) - instance.get_deferred_fields()
    # Expressions such as F("role") are computed by PostgreSQL, so only the table's constraints can check them.
    wanted -= {name for name in wanted if hasattr(getattr(instance, name), "resolve_expression")}
    # Whether a column may be NULL is the table's to say; `blank` is about forms.
    wanted -= {name for name in wanted if getattr(instance, name) is None and column(instance, name).null}
    if wanted:
        instance.clean_fields(exclude={field.name for field in instance._meta.fields} - wanted)
        check_columns(instance, wanted)


def column(instance: models.Model, name: str) -> "models.Field[Any, Any]":
    return instance._meta.get_field(name)  # type: ignore[return-value]  # none of them is a relation


def check_columns(instance: models.Model, names: Iterable[str]) -> None:
    """What forms cannot contain, so that Django leaves it to the database."""
    errors = {}
    for name in names:
        value = getattr(instance, name)
        try:
            if value is None:
                raise ValidationError(column(instance, name).error_messages["null"], code="null")
            check_storable(value)
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)


def not_possible(instance: models.Model, name: str) -> ValidationError:
    """The error, by field, for a value that is none of those that there are. In Django's words."""
    words, value = column(instance, name).error_messages["invalid_choice"], getattr(instance, name)
    return ValidationError({name: ValidationError(words, code="invalid_choice", params={"value": value})})


class Checked(models.Model):
    """`save()` validates the fields named in `checked`. It raises ValidationError, by field, and then writes nothing.

    With `update_fields`, it validates only those. Rows of fixtures, and writes without an object (`update()`, SQL), are
    checked by the table's constraints alone.
    """

    checked: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_values(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def check_values(self, only: Iterable[str] | None = None) -> None:
        check_values(self, self.checked, only)
