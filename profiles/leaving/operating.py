"""Operators schedule an organisation's deletion, and cancel one."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.leaving.changes import call_off, schedule
from profiles.leaving.models import Departure
from tenants.context import public, within
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.organisations.operating import OperatorAction


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


SCHEDULE, CALL_OFF = Schedule(), CallOff()
