"""HeldPlan, in `public`: which organisation has which plan. An organisation without a row has the default plan."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from shared.checked import Checked
from tenants.models import Tenant


class HeldPlanQuerySet(models.QuerySet["HeldPlan"]):
    def over(self) -> Self:
        return self.filter(until__lte=timezone.now())

    def ending(self, within: timedelta) -> Self:
        return self.filter(until__lte=timezone.now() + within)


class HeldPlan(Checked):
    checked = ("plan", "until", "after")

    class Reminded(models.TextChoices):
        """Of which mails the owners have got the last."""

        NOT_YET = ""
        WEEK = "week"
        DAY = "day"

    tenant = models.OneToOneField(Tenant, models.CASCADE, primary_key=True, related_name="held_plan")
    plan = models.CharField(max_length=50)  # a key of PLANS
    # When it ends, as a trial does, and the plan that follows.
    until = models.DateTimeField(null=True, blank=True)
    after = models.CharField(max_length=50, blank=True)
    # What was agreed with this organisation, by allowance; null stands for no limit. It holds for each of its plans.
    exceptions = models.JSONField(default=dict, blank=True)
    reminded = models.CharField(max_length=4, choices=Reminded.choices, default=Reminded.NOT_YET, blank=True)

    objects = HeldPlanQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["until"], condition=Q(until__isnull=False), name="held_plan_until")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None, after="") | (Q(until__isnull=False) & ~Q(after="")),
                name="held_plan_is_followed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.plan}"

    @staticmethod
    def remind_from(until: datetime | None) -> "HeldPlan.Reminded":
        """Which reminders are not sent any more for an end that was chosen only now."""
        left = until - timezone.now() if until else timedelta.max
        reminded = HeldPlan.Reminded
        return reminded.DAY if left <= DAY else reminded.WEEK if left <= WEEK else reminded.NOT_YET


DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
