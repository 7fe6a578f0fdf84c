"""Where models live (django-tenants' router), and the guard that keeps objects in the tenant they are of."""

from typing import Any

from django.db.models import Model
from django_tenants.routers import TenantSyncRouter

from tenants import context
from tenants.errors import WrongTenant


class TenantRouter(TenantSyncRouter):
    """Django asks a router before it reads or writes for an object: save, delete, refresh and related managers."""

    def db_for_read(self, model: type[Model], **hints: Any) -> None:
        check_tenant(hints.get("instance"))

    db_for_write = db_for_read


def check_tenant(instance: Model | None) -> None:
    """Raise WrongTenant for an object that another tenant's schema gave (tenants/stamps.py marks them)."""
    home = getattr(instance._state, "schema_name", None) if instance is not None else None
    if home is not None and home != context.schema_name():
        raise WrongTenant(
            f"This {instance._meta.label} is of {home}, and {context.schema_name()} is current. "  # type: ignore[union-attr]
            "Load it again where you use it, or go back with `with within(tenant):`."
        )
