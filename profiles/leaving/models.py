"""In `public`: which organisations are being deleted, are held, or were removed. No row is about a person."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from shared.checked import Checked
from tenants.models import Tenant


class DepartureQuerySet(models.QuerySet["Departure"]):
    def suspended(self) -> Self:
        """Those that are still being deleted: an operator who resumes an organisation keeps it."""
        return self.filter(tenant__state=Tenant.State.SUSPENDED)

    def due(self) -> Self:
        """Those whose period has ended and that have no hold, including interrupted removals."""
        ending = models.Q(tenant__state__in=[Tenant.State.SUSPENDED, Tenant.State.LEAVING])
        return self.filter(ending, due__lte=timezone.now(), tenant__hold=None).order_by("due")


def in_time() -> datetime:
    return timezone.now() + timedelta(days=settings.LEAVING_DAYS)


class Departure(models.Model):
    """An owner has requested the deletion. The organisation is suspended until `due`, and then removed."""

    tenant = models.OneToOneField(Tenant, models.CASCADE, primary_key=True, related_name="departure")
    asked = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(default=in_time)
    # The days before the removal at which its owners were reminded last.
    reminded = models.PositiveSmallIntegerField(null=True)

    objects = DepartureQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.tenant_id} until {self.due:%Y-%m-%d}"


class Hold(Checked):
    """A legal hold: no one can remove the organisation until it is released."""

    checked = ("reason",)

    tenant = models.OneToOneField(Tenant, models.CASCADE, primary_key=True, related_name="hold")
    reason = models.CharField(max_length=200)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reason


class Certificate(models.Model):
    """What was deleted with an organisation, and when: numbers only. It is kept after the organisation's row."""

    schema_name = models.CharField(max_length=63, unique=True)
    slug = models.CharField(max_length=63)
    asked = models.DateTimeField(null=True)  # by an owner; null if operators removed it
    begun = models.DateTimeField(default=timezone.now)
    done = models.DateTimeField(null=True)
    members = models.PositiveIntegerField()
    tables = models.PositiveIntegerField()
    table_bytes = models.BigIntegerField()
    files = models.PositiveIntegerField()
    file_bytes = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.slug}, {self.done or 'not finished'}"
