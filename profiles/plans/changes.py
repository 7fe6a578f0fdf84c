"""change_plan(), for operators and billing code. A smaller plan deletes nothing and takes no member's access away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.plans.held import renew
from profiles.plans.models import HeldPlan
from shared.capabilities.registry import allowances
from shared.storable import is_storable, unstorable
from tenants.context import public, within
from tenants.errors import WrongState
from tenants.events import emit, operated_by
from tenants.models import Tenant
from tenants.organisations.operating import note

MOST = 10**12  # of any allowance, such as bytes

Exceptions = Mapping[str, int | None]


@transaction.atomic
def change_plan(
    tenant: Tenant,
    *,
    plan: str,
    by: str,
    reason: str,
    until: datetime | None = None,
    after: str = "",
    exceptions: Exceptions | None = None,
) -> None:
    """Give an organisation a plan: for good, or until a time after which it has the plan `after` (AFTER_TRIAL).

    `by` is named in both activity logs: an operator, or "Billing". `reason` is for the operators' log alone.
    `exceptions` replaces what was agreed with the organisation, by allowance (None: no limit); without it, that stays.

    Raises ValidationError, by field, for an unknown plan or allowance and for a time that is over, and WrongState for
    an organisation that is gone. The same plan again changes nothing: billing code may call it for each message.
    """
    with operated_by(by):
        if changes := set_plan(tenant, plan=plan, until=until, after=after, exceptions=exceptions):
            note("console.plan_changed", tenant, reason=("", reason), **changes)


@transaction.atomic
def set_plan(
    tenant: Tenant,
    *,
    plan: str,
    until: datetime | None = None,
    after: str = "",
    exceptions: Exceptions | None = None,
) -> dict[str, Any]:
    """The same without the entry in the operators' log; returns what has changed."""
    after = (after or settings.AFTER_TRIAL) if until else ""
    check(plan, until, after, exceptions or {})
    with public():
        if not Tenant.objects.organisations().select_for_update(no_key=True).filter(pk=tenant.pk).exists():
            raise WrongState(f"{tenant} is gone.")
        row = HeldPlan.objects.filter(tenant=tenant.pk).first() or HeldPlan(tenant=tenant, plan=settings.DEFAULT_PLAN)
    before = told(row)
    if until != row.until:
        row.reminded = HeldPlan.remind_from(until)
    row.plan, row.until, row.after = plan, until, after
    row.exceptions = row.exceptions if exceptions is None else dict(exceptions)
    now = told(row)
    changes: dict[str, Any] = {name: (before[name], now[name]) for name in now if before[name] != now[name]}
    if changes:
        with public():
            row.save()
        with within(tenant):
            emit("organisation.plan_changed", tenant, **changes)
        renew(tenant)
    return changes


def begin_trial(tenant: Tenant) -> None:
    """A new organisation begins with the trial, if the product has one."""
    if trial := settings.TRIAL:
        set_plan(tenant, plan=trial.plan, until=timezone.now() + timedelta(days=trial.days))


def told(row: HeldPlan) -> dict[str, object]:
    """What the activity log keeps of it."""
    until = row.until.isoformat() if row.until else ""
    return {"plan": row.plan, "until": until, "after": row.after, "exceptions": dict(row.exceptions)}


def is_possible(allowance: str, value: int | None) -> bool:
    return allowance in allowances() and (value is None or (type(value) is int and 0 <= value <= MOST))


def check(plan: str, until: datetime | None, after: str, exceptions: Exceptions) -> None:
    errors = {}
    for field, name in (("plan", plan), ("after", after)):
        if name and name not in settings.PLANS:
            errors[field] = ValidationError(_("There is no such plan."), code="unknown")
    if not plan:
        errors["plan"] = ValidationError(_("There is no such plan."), code="unknown")
    if not is_storable(until):
        errors["until"] = unstorable()
    elif until and until <= timezone.now():
        errors["until"] = ValidationError(_("This time is over."), code="over")
    if not all(is_possible(name, value) for name, value in exceptions.items()):
        errors["exceptions"] = ValidationError(_("There is no such allowance."), code="unknown")
    if errors:
        raise ValidationError(errors)
