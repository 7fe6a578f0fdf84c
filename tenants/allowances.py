"""allowance(): how much of something the current organisation may have. Without a capability that says so: no limit."""

from django.conf import settings

from shared.capabilities.registry import allowances, functions
from tenants.context import required
from tenants.models import Tenant


def allowance(name: str) -> int | None:
    """How much the current organisation may have: a number, bytes or days, by the allowance's unit. None: no limit.

    Each capability with `allows` is asked; the smallest answer holds, or what the allowance says for the case that none
    has one. Raises LookupError for a name that no app has
    registered (allowances in docs/capabilities.md), and NoTenant outside all organisations.
    """
    known = allowances().get(name)
    if known is None:
        raise LookupError(f"No app has registered the allowance {name!r}. See allowances in docs/capabilities.md.")
    tenant = required()
    answers = [allowed(tenant, name) for allowed in functions("allows")]
    otherwise = getattr(settings, known.otherwise) if known.otherwise else None
    return min((answer for answer in answers if answer is not None), default=otherwise)


def plan_of(tenant: Tenant) -> str:
    """The name of an organisation's plan, for figures; "" if no capability knows plans. It sends no statement."""
    return next((name for plan in functions("plan_of") if (name := plan(tenant))), "")
