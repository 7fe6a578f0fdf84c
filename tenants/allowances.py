"""allowance(): how much of something the current organisation may have. Without a capability that says so: no limit."""

from shared.capabilities.registry import allowances, functions
from tenants.context import required
from tenants.models import Tenant


def allowance(name: str) -> int | None:
    """How much the current organisation may have: a number, bytes or days, by the allowance's unit. None: no limit.

    Each capability with `allows` is asked; the smallest answer holds. Raises LookupError for a name that no app has
    registered (allowances in docs/capabilities.md), and NoTenant outside all organisations.
    """
    if name not in allowances():
        raise LookupError(f"No app has registered the allowance {name!r}. See allowances in docs/capabilities.md.")
    tenant = required()
    answers = [allowed(tenant, name) for allowed in functions("allows")]
    return min((answer for answer in answers if answer is not None), default=None)


def plan_of(tenant: Tenant) -> str:
    """The name of an organisation's plan, for figures; "" if no capability knows plans. It sends no statement."""
    return next((name for plan in functions("plan_of") if (name := plan(tenant))), "")
