"""Plans with room for few, and what tests ask of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.models import User
from profiles.plans.changes import change_plan
from shared.plans import Plan, Trial
from tenants.context import public, within
from tenants.models import Tenant

SMALL, LARGE = 7, 50


@pytest.fixture(autouse=True)
def plans(settings):
    """The world has people enough to fill the small one, or nearly."""
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
        with public():
            change_plan(tenant, plan=plan, by="Billing", reason="Paid by card", until=until, **more)

    return give


@pytest.fixture
def fill(acme):
    """Make members until only so many seats of the small plan are free."""

    def fill(*, left: int, seats: int = SMALL) -> None:
        with within(acme):
            for number in range(seats - left - User.objects.active().count()):
                User.objects.create_user(f"extra{number}", f"extra{number}@acme.example")

    return fill


@pytest.fixture
def trial(settings):
    settings.TRIAL = Trial(plan="large", days=14)
