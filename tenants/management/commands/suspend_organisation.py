"""Closes an organisation for a while."""

from typing import Any

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.organisations.suspend import suspend
from tenants.serving.hosts import SECONDS


class Command(OrganisationCommand):
    help = (
        "Has an organisation's pages say that it is suspended. Nothing is deleted: its people stay signed in, and its "
        "jobs and mail wait, until `manage.py resume_organisation`."
    )

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        suspend(tenant)
        return f"{tenant} is suspended, in all processes within {SECONDS} seconds."
