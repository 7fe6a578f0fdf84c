"""What is shown on pages of others: the end of the plan on every page, and the seats above the list of people."""

from typing import Any

from django.utils import timezone

from profiles.plans.figures import seats as figure
from profiles.plans.held import held
from profiles.plans.models import WEEK
from profiles.roles import MANAGERS
from tenants.allowances import allowance
from tenants.context import required


def banner(page: Any) -> dict[str, Any] | None:
    """For owners and admins, in the week before a plan ends."""
    request = page.get("request")
    tenant, user = getattr(request, "tenant", None), getattr(request, "user", None)
    if tenant is None or user is None or not user.is_authenticated or user.role not in MANAGERS:
        return None
    now = held(tenant)
    return {"held": now} if now.ends and now.ends - timezone.now() <= WEEK else None


def seats(_page: Any) -> dict[str, Any] | None:
    """For those who manage members, where seats are limited."""
    if allowance("seats") is None:
        return None
    return {"seats": figure(), "plan": held(required()).title}
