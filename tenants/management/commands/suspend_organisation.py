"""Suspends an organisation."""

from typing import Any

from tenants.management.organisation import OrganisationCommand
from tenants.models import Tenant
from tenants.organisations.suspend import suspend
from tenants.serving.hosts import SECONDS


class Command(OrganisationCommand):
    help = (
        "Replaces an organisation's pages by one that says it is suspended. Nothing is deleted: its people stay signed "
        "in, and its jobs and mail wait until `manage.py resume_organisation`."
    )

    def do(self, tenant: Tenant, options: dict[str, Any]) -> str:
        suspend(tenant)
        return f"{tenant} is suspended, in all processes within {SECONDS} seconds."
