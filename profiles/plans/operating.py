"""Operators change an organisation's plan, and find organisations by it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
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


def of_plan(rows: QuerySet[Tenant], plan: str) -> QuerySet[Tenant]:
    """By the plan of this moment: what has ended counts as what follows."""
    now = timezone.now()
    is_over = Q(held_plan__until__lte=now)
    found = (Q(held_plan__plan=plan) & ~is_over) | (Q(held_plan__after=plan) & is_over)
    return rows.filter(found | Q(held_plan=None) if plan == settings.DEFAULT_PLAN else found)


def in_need(rows: QuerySet[Tenant], need: str) -> QuerySet[Tenant]:
    now = timezone.now()
    return rows.filter(
        Q(census__more__seats_over__gt=0)
        if need == "over"
        else Q(held_plan__until__gt=now, held_plan__until__lte=now + SOON)
    )


def held_by(tenants: Sequence[Tenant]) -> dict[int, Held]:
    """In one statement, in `public`."""
    rows = HeldPlan.objects.filter(tenant__in=tenants).values_list("tenant_id", *FIELDS)
    return {key: Held(*row) for key, *row in rows}


def plans(tenants: Sequence[Tenant]) -> Mapping[int, str]:
    found = held_by(tenants)
    return {tenant.pk: str(found.get(tenant.pk, default()).title) for tenant in tenants}


def ends(tenants: Sequence[Tenant]) -> Mapping[int, str]:
    return {key: date_format(each.ends, "SHORT_DATE_FORMAT") for key, each in held_by(tenants).items() if each.ends}


def plan_field() -> forms.Field:
    choices = [("", gettext_lazy("Any plan")), *((name, plan.title) for name, plan in settings.PLANS.items())]
    return forms.ChoiceField(label=gettext_lazy("Plan"), required=False, choices=choices)


def need_field() -> forms.Field:
    choices = [
        ("", gettext_lazy("Any")),
        ("over", gettext_lazy("More seats taken than allowed")),
        ("ends", gettext_lazy("Ends within 14 days")),
    ]
    return forms.ChoiceField(label=gettext_lazy("Seats and trials"), required=False, choices=choices)


CHANGE_PLAN = ChangePlan()
BY_PLAN = OperatorFilter(name="plan", field=plan_field, narrow=of_plan)
BY_NEED = OperatorFilter(name="need", field=need_field, narrow=in_need)
PLAN = OperatorColumn(name="plan", label=gettext_lazy("Plan"), values=plans)
ENDS = OperatorColumn(name="plan_until", label=gettext_lazy("Plan until"), values=ends)
