"""Marks each object of a tenant's model with the schema it came from, so that it cannot be used in another."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_init, post_save
from django_tenants.routers import TenantSyncRouter

from tenants import context


def connect() -> None:
    """Stamp the models of TENANT_APPS, each by its own sender: other models pay nothing."""
    listed = TenantSyncRouter()
    for model in apps.get_models(include_auto_created=True):
        if listed.app_in_list(model._meta.app_label, settings.TENANT_APPS):
            post_init.connect(stamp, sender=model, dispatch_uid="tenants.stamp")
            post_save.connect(stamp, sender=model, dispatch_uid="tenants.stamp")


def stamp(instance: Model, **kwargs: Any) -> None:
    """Remember where an object is of. One made outside all tenants gets its home when it is first saved."""
    tenant = context.current()
    if tenant is not None:
        instance._state.schema_name = tenant.schema_name  # type: ignore[attr-defined]
