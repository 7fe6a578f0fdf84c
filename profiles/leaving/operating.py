"""Operators schedule an organisation's deletion, cancel one, let it begin at once, and hold an organisation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.leaving.changes import call_off, hasten, hold, release, schedule
from profiles.leaving.models import Departure, Hold
from tenants.context import public, within
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.organisations.fields import OneLineField
from tenants.organisations.operating import OperatorAction, ReasonForm


class Schedule(OperatorAction):
    name = "schedule_deletion"
    label = gettext_lazy("Schedule the deletion")
    consequence = gettext_lazy(
        "It is suspended now, and deleted later. Its owners get mail, and can keep it till then."
    )
    order = 90
    is_dangerous = True
    asks_password = True

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            departure = schedule(tenant)
        return _("%(organisation)s is deleted on %(date)s.") % {
            "organisation": tenant.name,
            "date": date_format(departure.due),
        }


class CallOff(OperatorAction):
    name = "cancel_deletion"
    label = gettext_lazy("Cancel the deletion")
    consequence = gettext_lazy("Everyone can sign in again, and its owners get mail.")
    order = 70

    def is_offered(self, tenant: Tenant) -> bool:
        with public():
            return tenant.state == Tenant.State.SUSPENDED and Departure.objects.filter(tenant=tenant).exists()

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        try:
            call_off(tenant)
        except Departure.DoesNotExist:
            raise WrongState(f"{tenant.slug} is not going to be deleted.") from None
        return _("%(organisation)s is not deleted.") % {"organisation": tenant.name}


class Hasten(OperatorAction):
    name = "delete_now"
    label = gettext_lazy("Delete without waiting longer")
    consequence = gettext_lazy("Its owners get mail, and it is deleted within the hour.")
    order = 95
    is_dangerous = True
    asks_password = True

    def is_offered(self, tenant: Tenant) -> bool:
        with public():
            return tenant.state == Tenant.State.SUSPENDED and Departure.objects.filter(tenant=tenant).exists()

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        if Hold.objects.filter(tenant=tenant).exists():
            raise ValidationError(_("It is under a legal hold. Release it first."))
        try:
            hasten(tenant)
        except Departure.DoesNotExist:
            raise WrongState(f"{tenant.slug} is not going to be deleted.") from None
        return _("%(organisation)s is deleted within the hour.") % {"organisation": tenant.name}


class HoldForm(ReasonForm):
    reason = OneLineField(
        label=gettext_lazy("Reason"), min_length=10, max_length=200, help_text=gettext_lazy("Only operators see this.")
    )
    hold = forms.ChoiceField(
        label=gettext_lazy("Legal hold"),
        choices=[("on", gettext_lazy("Hold: nothing and no one deletes it")), ("off", gettext_lazy("Release"))],
    )


class KeepHeld(OperatorAction):
    name = "hold"
    label = gettext_lazy("Legal hold")
    consequence = gettext_lazy("Nothing and no one deletes it until it is released. Its people use it as before.")
    order = 85
    form = HoldForm

    def is_offered(self, tenant: Tenant) -> bool:
        return tenant.state in (Tenant.State.ACTIVE, Tenant.State.SUSPENDED)

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        if values["hold"] == "on":
            hold(tenant, reason=values["reason"])
            return _("%(organisation)s is held.") % {"organisation": tenant.name}
        if not release(tenant):
            raise ValidationError(_("It is not held."))
        return _("%(organisation)s is released.") % {"organisation": tenant.name}


SCHEDULE, CALL_OFF, HASTEN, HOLD = Schedule(), CallOff(), Hasten(), KeepHeld()
