"""Operators change an organisation's plan, and find organisations by it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.plans.changes import set_plan
from profiles.plans.forms import PlanForm
from profiles.plans.held import FIELDS, Held, default
from profiles.plans.models import HeldPlan
from tenants.models import Tenant
from tenants.organisations.operating import OperatorAction, OperatorColumn, OperatorFilter

SOON = timedelta(days=14)
# Values of the filter that are no plans.
OVER, ENDS = "-over", "-ends"


class ChangePlan(OperatorAction):
    name = "change_plan"
    label = gettext_lazy("Change plan or trial")
    consequence = gettext_lazy(
        "It takes effect at once. With a smaller plan, all members keep their access and nothing is deleted, but no "
        "one new can join while all seats are taken."
    )
    order = 40
    form = PlanForm

    def is_offered(self, tenant: Tenant) -> bool:
        return tenant.state in (Tenant.State.ACTIVE, Tenant.State.SUSPENDED)

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        chosen = {name: values[name] for name in ("plan", "until", "after", "exceptions")}
        if not set_plan(tenant, **chosen):
            return _("Nothing was changed.")
        return _("%(organisation)s has the plan %(plan)s now.") % {
            "organisation": tenant.name,
            "plan": settings.PLANS[values["plan"]].title,
        }


def narrowed(rows: QuerySet[Tenant], value: str) -> QuerySet[Tenant]:
    now = timezone.now()
    if value == OVER:
        return rows.filter(census__more__seats_over__gt=0)
    if value == ENDS:
        return rows.filter(held_plan__until__gt=now, held_plan__until__lte=now + SOON)
    return of_plan(rows, value, now)


def of_plan(rows: QuerySet[Tenant], plan: str, now: datetime) -> QuerySet[Tenant]:
    """By the plan of this moment: what has ended counts as what follows."""
    is_over = Q(held_plan__until__lte=now)
    found = (Q(held_plan__plan=plan) & ~is_over) | (Q(held_plan__after=plan) & is_over)
    return rows.filter(found | Q(held_plan=None) if plan == settings.DEFAULT_PLAN else found)


def plan_field() -> forms.Field:
    plans = [(name, plan.title) for name, plan in settings.PLANS.items()]
    needs = [(OVER, _("More seats taken than allowed")), (ENDS, _("Ends within 14 days"))]
    choices = [("", _("Any plan")), *plans, (_("Seats and trials"), needs)]
    return forms.ChoiceField(label=_("Plan"), required=False, choices=choices)


def held_by(tenants: Sequence[Tenant]) -> dict[int, Held]:
    """In one statement, in `public`."""
    rows = HeldPlan.objects.filter(tenant__in=tenants).values_list("tenant_id", *FIELDS)
    found = {key: Held(*row) for key, *row in rows}
    return {tenant.pk: found.get(tenant.pk) or default() for tenant in tenants}


def titles(tenants: Sequence[Tenant]) -> dict[int, str]:
    return {key: titled(held) for key, held in held_by(tenants).items()}


def titled(held: Held) -> str:
    if not held.ends:
        return str(held.title)
    until = _("until %(date)s") % {"date": date_format(held.ends, "SHORT_DATE_FORMAT")}
    return f"{held.title}\n{until}"


def names(tenants: Sequence[Tenant]) -> dict[int, str]:
    return {key: held.name for key, held in held_by(tenants).items()}


def ends(tenants: Sequence[Tenant]) -> dict[int, str]:
    return {key: held.ends.isoformat() for key, held in held_by(tenants).items() if held.ends}


CHANGE_PLAN = ChangePlan()
BY_PLAN = OperatorFilter(name="plan", field=plan_field, narrow=narrowed)
PLAN = OperatorColumn(name="plan_title", label=gettext_lazy("Plan"), where="list", values=titles)
PLAN_NAME = OperatorColumn(name="plan", where="file", values=names)
PLAN_UNTIL = OperatorColumn(name="plan_until", where="file", values=ends)
