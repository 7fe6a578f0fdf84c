"""The app `tenants` for the contestants that are not Tenantry: its models, and nothing that it does."""

from pathlib import Path

from django.apps import AppConfig


class BareTenants(AppConfig):
    """No stamps, no guards, no signals, and, by another path, none of its commands."""

    name = "tenants"
    path = str(Path(__file__).parent / "migrations")


class PlainTenants(BareTenants):
    """The model Tenant with django-tenants' own behaviour: saving a new one makes its schema."""

    def ready(self) -> None:
        from django_tenants.models import TenantMixin

        from tenants.models import Tenant

        for name in ("auto_create_schema", "save", "create_schema", "__enter__", "__exit__"):
            setattr(Tenant, name, getattr(TenantMixin, name))
