"""Offer: an owner offers the ownership to another member."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from profiles.models.user import User
from profiles.roles import Role

DAYS = 7


def expiry() -> datetime:
    return timezone.now() + timedelta(days=DAYS)


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        """Offers that can be accepted: the giver is still an owner, and the offer has not expired."""
        return self.filter(expires__gt=timezone.now(), giver__role=Role.OWNER, giver__is_active=True)


class Offer(models.Model):
    """Each owner has at most one. It is deleted when it is accepted, declined or withdrawn."""

    giver = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    taker = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    expires = models.DateTimeField(default=expiry)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(giver=F("taker")), name="offer_to_another")]

    def __str__(self) -> str:
        return f"ownership of {self.giver_id} to {self.taker_id}"
