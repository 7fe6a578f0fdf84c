"""Visit: an operator asks to sign in as a member, or has done so."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from profiles.models import User
from shared.checked import Checked

# How long an owner can answer, and an operator use the answer.
ASKED = timedelta(hours=24)
MOST_MINUTES = 60


class VisitQuerySet(models.QuerySet["Visit"]):
    def waiting(self) -> Self:
        """Those that owners have not answered, and still can."""
        return self.filter(allowed=None, refused=None, ended=None, asked__gt=timezone.now() - ASKED)

    def open(self) -> Self:
        """Those in which the operator may be signed in: allowed, not ended, and within their time."""
        now = timezone.now()
        begun = Q(begun__gt=now - F("minutes") * timedelta(minutes=1))
        fresh = Q(begun=None, asked__gt=now - ASKED)
        return self.filter(begun | fresh, allowed__isnull=False, refused=None, ended=None, member__is_active=True)


class Visit(Checked):
    """The operator is named, and has a primary key in the operators' own organisation."""

    checked = ("operator", "reason", "minutes")

    member = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    operator = models.CharField(max_length=301)
    operator_key = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField()
    asked = models.DateTimeField(default=timezone.now)
    allowed = models.DateTimeField(null=True)
    refused = models.DateTimeField(null=True)
    begun = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    # How often the operator has entered. Each one-time link is worth one number.
    entries = models.PositiveSmallIntegerField(default=0)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, MOST_MINUTES)), name="visit_at_most_an_hour"),
            models.CheckConstraint(condition=Q(begun=None) | Q(allowed__isnull=False), name="visit_begun_if_allowed"),
        ]

    def __str__(self) -> str:
        return f"{self.operator} as {self.member_id}"

    @property
    def until(self) -> datetime | None:
        return self.begun + timedelta(minutes=self.minutes) if self.begun else None

    @property
    def state(self) -> str:
        """As the pages tell it: waiting, allowed, running, refused or over."""
        now = timezone.now()
        if self.refused:
            return "refused"
        if self.ended or (self.until and self.until <= now) or (not self.begun and self.asked <= now - ASKED):
            return "over"
        return "running" if self.begun else "allowed" if self.allowed else "waiting"
