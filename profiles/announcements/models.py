"""Announcement, in `public`: it is about organisations, and names no person."""

from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared.checked import Checked

# How long after its end operators still see one.
KEPT = timedelta(days=365)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def not_over(self) -> Self:
        return self.filter(ends__gt=timezone.now())

    def long_over(self) -> Self:
        return self.filter(ends__lt=timezone.now() - KEPT)


class Announcement(Checked):
    checked = ("text", "level", "audience", "starts", "ends")

    class Level(models.TextChoices):
        INFO = "info", _("Information")
        WARNING = "warning", _("Warning")
        ERROR = "error", _("Disruption")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("All members")
        MANAGERS = "managers", _("Owners and admins")
        OWNERS = "owners", _("Owners")

    text = models.CharField(_("Text"), max_length=500)
    level = models.CharField(_("Level"), max_length=10, choices=Level.choices, default=Level.INFO)
    audience = models.CharField(_("Who sees it"), max_length=10, choices=Audience.choices, default=Audience.EVERYONE)
    # Primary keys of organisations; all of them if there are none.
    organisations = ArrayField(models.BigIntegerField(), default=list, blank=True)
    starts = models.DateTimeField(_("From (UTC)"), default=timezone.now)
    ends = models.DateTimeField(_("Until (UTC)"))
    can_be_dismissed = models.BooleanField(_("Members can close it"), default=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="announcement_ends_later",
                violation_error_message=_("It has to end after it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:50]

    @property
    def name(self) -> str:
        """For the activity log."""
        return self.text[:100]

    @property
    def state(self) -> str:
        now = timezone.now()
        return "over" if self.ends <= now else "shown" if self.starts <= now else "planned"
