"""In `public`: which organisations leave, which are held, and what was removed. Nothing here names a person."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from tenants.models import Tenant


class DepartureQuerySet(models.QuerySet["Departure"]):
    def suspended(self) -> Self:
        """Those that still leave: an operator who resumes an organisation keeps it."""
        return self.filter(tenant__state=Tenant.State.SUSPENDED)

    def due(self) -> Self:
        """Those whose time is over and that nothing holds; also where the removal was begun and not finished."""
        ending = models.Q(tenant__state__in=[Tenant.State.SUSPENDED, Tenant.State.LEAVING])
        return self.filter(ending, due__lte=timezone.now(), tenant__hold=None).order_by("due")


def in_time() -> datetime:
    return timezone.now() + timedelta(days=settings.LEAVING_DAYS)


class Departure(models.Model):
    """An owner has asked to delete the organisation. It is suspended until then, and removed after that."""

    tenant = models.OneToOneField(Tenant, models.CASCADE, primary_key=True, related_name="departure")
    asked = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(default=in_time)
    # Before how many days its owners were reminded last.
    reminded = models.PositiveSmallIntegerField(null=True)

    objects = DepartureQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.tenant_id} until {self.due:%Y-%m-%d}"


class Hold(models.Model):
    """A legal hold: the organisation is not removed, by anyone, until it is released."""

    tenant = models.OneToOneField(Tenant, models.CASCADE, primary_key=True, related_name="hold")
    reason = models.CharField(max_length=200)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reason


class Certificate(models.Model):
    """What was deleted with an organisation, and when: numbers only. It outlives the organisation's row."""

    schema_name = models.CharField(max_length=63, unique=True)
    slug = models.CharField(max_length=63)
    asked = models.DateTimeField(null=True)  # by an owner; null where operators removed it by themselves
    begun = models.DateTimeField(default=timezone.now)
    done = models.DateTimeField(null=True)
    members = models.PositiveIntegerField()
    tables = models.PositiveIntegerField()
    table_bytes = models.BigIntegerField()
    files = models.PositiveIntegerField()
    file_bytes = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.slug}, {self.done or 'not finished'}"
