"""Usage, in `public`: the time that an organisation's requests and jobs took, in each month."""

from django.db import models

from tenants.models import Tenant


class Usage(models.Model):
    """One row per organisation and month. Nothing in it is about a person."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="usage")
    month = models.DateField()  # its first day, by UTC
    request_seconds = models.FloatField(default=0)
    job_seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "month"], name="usage_one_per_month")]

    def __str__(self) -> str:
        return f"{self.tenant_id} in {self.month:%Y-%m}"
