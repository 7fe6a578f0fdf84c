"""Text of one line, such as names."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shared.names import no_address


def joined(text: str) -> str:
    """The text without line breaks, which names would carry into mails, and without invisible spaces."""
    return " ".join(text.split())


def left_to_right(text: str) -> str:
    """The text, isolated from the direction of what is around it, such as an address in an Arabic sentence.

    https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
    """
    return f"\u2066{text}\u2069"


def one_line(text: str, *, longest: int) -> str:
    """A name in the form in which it is stored. Raises ValidationError if it is empty, has more than `longest`
    characters, or contains a web address.
    """
    name = joined(text)
    if not name:
        raise ValidationError(_("Enter a name."), code="required")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        raise ValidationError(_("A name has no control characters."), code="control")
    if len(name) > longest:
        raise ValidationError(_("A name has at most %(number)s characters."), code="long", params={"number": longest})
    no_address(name)
    return name
