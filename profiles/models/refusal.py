"""Refusal: a mailbox whose owner does not know this organisation."""

from django.db import models

from profiles.models.user import LowerCaseEmailField


class Refusal(models.Model):
    """The organisation sends no more mail there, and each refusal counts against its invitations."""

    email = LowerCaseEmailField(primary_key=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"refusal of {self.email}"
