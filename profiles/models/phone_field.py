"""A telephone number, which is stored completely or refused."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field import formfields, modelfields
from phonenumber_field.phonenumber import PhoneNumber

LONGEST_TYPED = 40  # Characters, with the signs that people put between digits.
# Numbers are stored in the format of E.164, which has no extensions.
EXTENSION = re.compile(r"(?:ext(?:ensio)?n?|x|#|;ext=)\s*[.:]?\s*\d+\s*\Z", re.IGNORECASE)


def check_typed(value: Any) -> None:
    """Raise ValidationError for text of which a part would be lost silently: extensions, letters.

    The parser knows more signs before an extension, such as a comma. It does not read all that is typed with letters.
    """
    text = str(value.raw_input or value) if isinstance(value, PhoneNumber) else str(value)
    if EXTENSION.search(text) or getattr(value, "extension", None):
        raise ValidationError(_("We do not store extensions. Enter the number without it."), code="extension")
    if any(char.isalpha() for char in text.removeprefix("tel:")):
        raise ValidationError(_("A phone number has only digits, and signs between them."), code="letters")


class PhoneFormField(formfields.PhoneNumberField):
    def to_python(self, value: Any) -> Any:
        """Check the text first: the parser would drop unknown parts."""
        check_typed(value or "")
        number = super().to_python(value)
        check_typed(number or "")
        return number


class PhoneField(modelfields.PhoneNumberField):
    default_validators = [*modelfields.PhoneNumberField.default_validators, check_typed]

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": PhoneFormField, "max_length": LONGEST_TYPED, **options})

    def deconstruct(self) -> Any:
        """Appears as the library's field in migrations, since the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "phonenumber_field.modelfields.PhoneNumberField", args, kwargs
