"""Requirement: of which members an organisation requires a second factor, and since when."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.roles import MANAGERS
from shared.checked import Checked

MOST_DAYS = 30


class Scope(models.TextChoices):
    OFF = "", _("No one: each member decides")
    MANAGERS = "managers", _("Owners and admins")
    ALL = "all", _("All members")


class Requirement(Checked):
    """One row, or none where each member decides."""

    checked = ("scope", "grace_days")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    scope = models.CharField(_("required of"), max_length=8, choices=Scope.choices)
    grace_days = models.PositiveSmallIntegerField(_("days to set it up"), default=14)
    # When it was switched on or last changed: the days begin then, or when a member joins.
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="required_factor_one"),
            models.CheckConstraint(condition=Q(scope__in=["managers", "all"]), name="required_factor_scope"),
            models.CheckConstraint(condition=Q(grace_days__lte=MOST_DAYS), name="required_factor_days"),
        ]

    def __str__(self) -> str:
        return f"second factor of {self.scope}"

    @classmethod
    def current(cls) -> "Requirement | None":
        return cls.objects.filter(pk=1).first()

    @property
    def concerned(self) -> Q:
        """A condition on users: those who need a factor."""
        return Q() if self.scope == Scope.ALL else Q(role__in=MANAGERS)

    @property
    def grace(self) -> timedelta:
        return timedelta(days=self.grace_days)
