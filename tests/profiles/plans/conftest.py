"""Plans with room for few, and what tests ask of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.plans.changes import change_plan
from shared.plans import Plan, Trial
from tenants.models import Tenant

SMALL, LARGE = 5, 50


@pytest.fixture(autouse=True)
def plans(settings):
    """acme has four active members: in the small plan, one seat is free."""
    settings.PLANS = {
        "standard": Plan(title="Standard"),
        "small": Plan(title="Small", seats=SMALL, domains=0, audit_days=30),
        "large": Plan(title="Large", seats=LARGE, domains=2, audit_days=90),
    }
    settings.AFTER_TRIAL = "small"


@pytest.fixture
def give(acme):
    """Give acme a plan, as billing code does: give("small", days=14)."""

    def give(plan: str, *, tenant: Tenant = acme, days: float | None = None, **more) -> None:
        until = timezone.now() + timedelta(days=days) if days else None
        change_plan(tenant, plan=plan, by="Billing", reason="Paid by card", until=until, **more)

    return give


@pytest.fixture
def trial(settings):
    settings.TRIAL = Trial(plan="large", days=14)
