"""Suspend and resume."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.models import Tenant
from tenants.organisations.fields import OneLineField
from tenants.organisations.operating import OperatorAction, ReasonForm
from tenants.organisations.suspend import resume, suspend


class SuspendForm(ReasonForm):
    sentence = OneLineField(
        label=gettext_lazy("What its people read"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("One or two sentences, shown in place of every page. It may stay empty."),
    )


class Suspend(OperatorAction):
    name = "suspend"
    label = gettext_lazy("Suspend")
    consequence = gettext_lazy("No one can use it, and its jobs and mail wait. Nothing is deleted.")
    order = 80
    is_dangerous = True
    form = SuspendForm

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        suspend(tenant, sentence=values["sentence"])
        return _("%(organisation)s is suspended.") % {"organisation": tenant.name}


class Resume(OperatorAction):
    name = "resume"
    label = gettext_lazy("Resume")
    consequence = gettext_lazy("Its people find everything as it was, and are still signed in.")
    order = 80

    def is_offered(self, tenant: Tenant) -> bool:
        return tenant.state == Tenant.State.SUSPENDED

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        resume(tenant)
        return _("%(organisation)s is active again.") % {"organisation": tenant.name}


SUSPEND, RESUME = Suspend(), Resume()
