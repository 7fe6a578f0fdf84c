"""The column of an email address."""

from typing import Any

from django.db import models

from shared.emails import EmailField, canonical_email, same_mailbox


class CanonicalEmailField(models.EmailField):
    """Stores and looks up email addresses in their canonical spelling, also in model forms."""

    default_validators = []

    def to_python(self, value: Any) -> Any:
        """Django calls it for rows and look-ups alike, so an invalid address raises no error: it is just not found."""
        value = super().to_python(value)
        return same_mailbox(value) if isinstance(value, str) else value

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value:
            canonical_email(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": EmailField, **options})

    def deconstruct(self) -> Any:
        """Appears as Django's own field in migrations, since the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


@CanonicalEmailField.register_lookup
class SameMailbox(models.lookups.IExact):
    """`email__iexact`, by which libraries look addresses up: Django's own takes the text as it was typed."""

    prepare_rhs = True
