"""FormerName: a username that a member had."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Value
from django.db.models.functions import Upper
from django.utils import timezone

from profiles.models.user import User, normalised

DAYS = 90
# A member keeps so many of them, the latest.
MOST = 5


def end() -> datetime:
    return timezone.now() + timedelta(days=DAYS)


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    def kept(self, *names: str) -> Self:
        """Those of these usernames, in any spelling, that still lead to their members."""
        return self.filter(name__in=[Upper(Value(normalised(name))) for name in names], until__gt=timezone.now())


class FormerName(models.Model):
    """A trigger keeps these names from other members (migration 0001), whatever writes a username."""

    name = models.CharField(max_length=150, primary_key=True)  # upper(), as usernames are compared
    member = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    until = models.DateTimeField(default=end)

    objects = FormerNameQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
