"""Refusal: a mailbox whose owner does not know this organisation."""

from typing import Self

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Exists, OuterRef

from profiles.models.user import LowerCaseEmailField


class RefusalQuerySet(models.QuerySet["Refusal"]):
    def in_force(self) -> Self:
        """Those that no proved address of a member has made void: who joins gets mail again."""
        proved = EmailAddress.objects.filter(email=OuterRef("email"), verified=True)
        return self.exclude(Exists(proved))


class Refusal(models.Model):
    """The organisation sends no more mail there, and each refusal counts against its invitations."""

    email = LowerCaseEmailField(primary_key=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = RefusalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"refusal of {self.email}"
