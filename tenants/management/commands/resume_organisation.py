"""Opens a suspended organisation again."""

from typing import Any

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.organisations.suspend import resume
from tenants.serving.hosts import SECONDS


class Command(OrganisationCommand):
    help = "Serves a suspended organisation again, as it was. What its jobs had to do is done within the hour."

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        resume(tenant)
        return f"{tenant} is active again, in all processes within {SECONDS} seconds."
