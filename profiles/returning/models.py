"""Former: what is kept of a removed member, so that they can come back with their profile."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from profiles.models.email_field import CanonicalEmailField
from profiles.models.profile import HIDEABLE
from profiles.roles import Role

# Not the photo, whose files are deleted, nor what other apps have of a member.
KEPT = (*("bio", "time_zone"), *HIDEABLE, *(f"{name}_seen_by" for name in HIDEABLE))


class FormerQuerySet(models.QuerySet["Former"]):
    def kept(self) -> Self:
        return self.filter(removed__gt=kept_since())


class Former(models.Model):
    """A removed member: no account, so their username and address are free. Deleted at night (nightly.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = CanonicalEmailField()
    name = models.CharField(max_length=301)
    role = models.CharField(max_length=10, choices=Role.choices)
    profile: Any = models.JSONField(default=dict)
    removed = models.DateTimeField(default=timezone.now)

    objects = FormerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="former_role_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_until(self) -> datetime:
        return self.removed + timedelta(days=settings.FORMER_PROFILES_KEPT_DAYS)


def kept_since() -> datetime:
    return timezone.now() - timedelta(days=settings.FORMER_PROFILES_KEPT_DAYS)


def kept_for(_page: Any) -> dict[str, int] | None:
    """For the page that asks whether a member is to be removed."""
    days = settings.FORMER_PROFILES_KEPT_DAYS
    return {"days": days} if days else None
