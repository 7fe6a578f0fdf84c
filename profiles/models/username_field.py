"""The column of a username."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from shared.emails import same_mailbox


def normalised(username: str) -> str:
    """A username in its canonical spelling: NFKC, as in Django's forms; or that of an email address."""
    username = AbstractUser.normalize_username(username)
    return same_mailbox(username) if username and "@" in username else username


class CanonicalUsernameField(models.CharField):
    """Stores and looks up usernames in their canonical spelling. Keyboards and files have "ë" as two characters too."""

    def to_python(self, value: Any) -> Any:
        """Django calls it for rows and look-ups alike."""
        value = super().to_python(value)
        return normalised(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        """Appears as Django's own field in migrations, since the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


@CanonicalUsernameField.register_lookup
class SameName(models.lookups.IExact):
    """`username__iexact`, by which libraries look members up: Django's own takes the text as it was typed."""

    prepare_rhs = True
