"""Resumes a suspended organisation."""

from typing import Any

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.organisations.suspend import resume
from tenants.serving.hosts import SECONDS


class Command(OrganisationCommand):
    help = "Makes a suspended organisation active again, unchanged. Its waiting jobs run within the hour."

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        resume(tenant)
        return f"{tenant} is active again, in all processes within {SECONDS} seconds."
