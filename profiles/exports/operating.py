"""Operators export an organisation from their console."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.exports import keeping
from profiles.exports.tasks import export_organisation
from tenants.context import within
from tenants.events import emit
from tenants.models import Tenant
from tenants.organisations.operating import OperatorAction

NO_MEMBER = 0


class Export(OperatorAction):
    name = "export"
    label = gettext_lazy("Export all data")
    consequence = gettext_lazy("Its owners get the link by email, for 24 hours. You do not.")
    order = 40

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            if keeping.is_running():
                raise ValidationError(_("An export is already being made."))
            keeping.ask()
            emit("organisation.exported", tenant)
            if not export_organisation.defer_once(asked_by=NO_MEMBER):
                raise ValidationError(_("An export is already being made."))
        return _("The export has started. All owners get an email when it is ready.")


EXPORT = Export()
