"""Every hour: owners are reminded of the end of a plan, and what is over is noted. Nothing is deleted."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from profiles.mail.outbox import post
from profiles.models import User
from profiles.plans.held import FIELDS, Held, renew
from profiles.plans.models import DAY, WEEK, HeldPlan
from tenants.context import public, required, within
from tenants.events import emit
from tenants.models import Tenant
from tenants.tasks import tenant_task

END = "plans.end_everywhere"


@app.periodic(cron="43 * * * *")
@app.task(name=END, queueing_lock=END)
def end_everywhere(timestamp: int = 0) -> None:  # noqa: ARG001  what a periodic job is given
    """One job for each organisation whose plan ends within a week, so that each succeeds or fails alone."""
    with public():
        tenants = list(Tenant.objects.active().filter(pk__in=HeldPlan.objects.ending(WEEK).values("tenant")))
    for tenant in tenants:
        with within(tenant):
            settle.defer_once()


@tenant_task(name="plans.settle", queueing_lock="plans")
@transaction.atomic
def settle() -> None:
    """Remind the owners a week and a day before the end, once each; at the end, note the plan that follows."""
    tenant = required()
    with public():
        row = HeldPlan.objects.select_for_update().filter(tenant=tenant.pk).exclude(until=None).first()
    if row is None or row.until is None:
        return
    left = row.until - timezone.now()
    if left.total_seconds() <= 0:
        end(row)
    elif left <= DAY and row.reminded != HeldPlan.Reminded.DAY:
        remind(row, HeldPlan.Reminded.DAY)
    elif left <= WEEK and row.reminded == HeldPlan.Reminded.NOT_YET:
        remind(row, HeldPlan.Reminded.WEEK)


def remind(row: HeldPlan, reminded: HeldPlan.Reminded) -> None:
    row.reminded = reminded
    with public():
        row.save(update_fields=["reminded"])
    tell_owners(row, "plan_ends")


def end(row: HeldPlan) -> None:
    emit("organisation.plan_ended", required(), plan=(row.plan, row.after))
    tell_owners(row, "plan_ended")
    row.plan, row.until, row.after, row.reminded = row.after, None, "", HeldPlan.Reminded.NOT_YET
    with public():
        row.save()
    renew(required())


def tell_owners(row: HeldPlan, template: str) -> None:
    """In the current transaction."""
    was = Held(*(getattr(row, name) for name in FIELDS))
    url = required().url(reverse("plan"))
    for owner in User.objects.owners().exclude(email=""):
        context = {"owner": owner, "held": was, "url": url}
        post(to=owner.email, reader=owner, template=template, context=context)
