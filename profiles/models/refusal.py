"""Refusal: a mailbox whose owner does not know this organisation."""

from django.db import models

from profiles.models.email_field import CanonicalEmailField


class Refusal(models.Model):
    """The organisation sends no more mail there, and each refusal counts against its invitations."""

    email = CanonicalEmailField(primary_key=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"refusal of {self.email}"
