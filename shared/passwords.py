"""The requirements of a new password, in one line that is ticked off during typing (app.js); plain text without it."""

from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
    get_default_password_validators,
)
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def requirements() -> SafeString:
    """A list with one short entry for each validator of the settings."""
    # First those that the browser can check.
    entries = sorted(map(entry, get_default_password_validators()), key=lambda found: not found[0])
    return format_html('<ul class="requirements">{}</ul>', format_html_join("", "<li{}>{}</li>", entries))


def entry(validator: Any) -> tuple[SafeString | str, str]:
    """An attribute for a requirement that the browser can check itself, and the text."""
    match validator:
        case MinimumLengthValidator(min_length=least):
            words = ngettext("%(least)s character or more", "%(least)s characters or more", least) % {"least": least}
            return format_html(' data-least="{}"', least), words
        case NumericPasswordValidator():
            return mark_safe(" data-not-only-digits"), _("not only digits")
        case UserAttributeSimilarityValidator():
            return "", _("unlike your name and email")
        case CommonPasswordValidator():
            return "", _("not common")
        case _:
            return "", validator.get_help_text()


lazy_requirements = lazy(requirements, SafeString)
