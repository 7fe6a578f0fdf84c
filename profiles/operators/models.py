"""In `public`: figures of organisations, for their operators. Numbers and times only; nothing here names a person."""

from django.db import models
from django.utils import timezone

from tenants.models import Tenant


class Census(models.Model):
    """What was counted in an organisation, and when (census.py)."""

    tenant = models.OneToOneField(Tenant, models.CASCADE, primary_key=True, related_name="census")
    at = models.DateTimeField(default=timezone.now)
    members = models.PositiveIntegerField()  # active ones
    owners = models.PositiveIntegerField()
    schema_bytes = models.PositiveBigIntegerField()
    file_bytes = models.PositiveBigIntegerField()
    failed_jobs = models.PositiveIntegerField()
    # When any of its members was there last.
    last_seen = models.DateTimeField(null=True)
    # What capabilities count, by name (census).
    more = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.tenant_id} at {self.at:%Y-%m-%d %H:%M}"
