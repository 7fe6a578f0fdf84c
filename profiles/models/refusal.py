"""Refusal: a mailbox whose owner wants no mail from this organisation."""

from django.db import models

from profiles.models.email_field import CanonicalEmailField


class Refusal(models.Model):
    """The organisation sends no more mail to this mailbox. Several recent refusals stop its invitations."""

    email = CanonicalEmailField(primary_key=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"refusal of {self.email}"
