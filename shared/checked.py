"""Models whose fields are validated whenever they are written, and not by forms alone."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models


def check_values(instance: models.Model, checked: Collection[str], only: Iterable[str] | None = None) -> None:
    """Validate these fields, or those of them in `only`; clean values take their places. Raises ValidationError."""
    wanted = set(checked if only is None else only) & set(checked) - instance.get_deferred_fields()
    # What PostgreSQL is to work out, as F("role"), is known to the table alone.
    wanted -= {name for name in wanted if hasattr(getattr(instance, name), "resolve_expression")}
    if wanted:
        instance.clean_fields(exclude={field.name for field in instance._meta.fields} - wanted)


class Checked(models.Model):
    """Has `save()` validate the fields named in `checked`. Raises ValidationError, by field, and writes nothing.

    Only what is about to be written is looked at: with `update_fields`, those. Rows of fixtures, and what is written
    without an object (`update()`, SQL), meet the table's constraints alone.
    """

    checked: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_values(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def check_values(self, only: Iterable[str] | None = None) -> None:
        check_values(self, self.checked, only)
