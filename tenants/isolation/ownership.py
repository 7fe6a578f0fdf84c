"""Marks each object of a tenant's model with the schema that it came from, and refuses it in any other.

Objects in a filter cannot be checked: Django compiles `Profile.objects.filter(user=user_of_another_tenant)` to a
comparison of primary keys.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_init, post_save
from django_tenants.routers import TenantSyncRouter

from tenants import context
from tenants.errors import WrongTenant

# Their rows are the same in all tenants (docs/design.md, invariant 4), and Django and guardian cache the objects
# for the life of a process, whichever tenant they were first read in.
SAME_EVERYWHERE = {"contenttypes.ContentType", "auth.Permission"}


def connect() -> None:
    """Stamp and guard the models of TENANT_APPS, each as its own sender, so that other models pay no cost."""
    listed = TenantSyncRouter()
    for model in apps.get_models(include_auto_created=True):
        is_tenants = listed.app_in_list(model._meta.app_label, settings.TENANT_APPS)
        if is_tenants and model._meta.label not in SAME_EVERYWHERE:
            post_init.connect(stamp, sender=model, dispatch_uid="tenants.stamp")
            post_save.connect(stamp, sender=model, dispatch_uid="tenants.stamp")
            guard(model)


def stamp(instance: Model, **kwargs: Any) -> None:  # noqa: ARG001  what a signal sends
    """Remember the schema of an object. An object created outside all tenants gets it when it is first saved."""
    tenant = context.current()
    if tenant is not None:
        instance._state.schema_name = tenant.schema_name  # type: ignore[attr-defined]


def home(instance: Any) -> str | None:
    """The schema of an object, or None if it has none or is not a model instance."""
    return getattr(getattr(instance, "_state", None), "schema_name", None)


def check_home(instance: Model | None) -> None:
    """Raise WrongTenant unless the object belongs to the current tenant or to none."""
    schema = home(instance)
    if schema is not None and schema != context.schema_name():
        raise WrongTenant(
            f"This {instance._meta.label} belongs to {schema}, and {context.schema_name()} is current. "  # type: ignore[union-attr]
            "Load it again where you use it, or go back with `with within(tenant):`."
        )


def guard(model: type[Model]) -> None:
    """Check objects where Django does not ask a router: save(using=…), delete(using=…), bulk_create(), bulk_update().

    Signals would not be enough: the bulk methods send none, and a receiver of pre_delete disables Django's fast deletes
    for the model.
    """
    for name in ("_prepare_related_fields_for_save", "delete"):
        setattr(model, name, at_home(getattr(model, name)))


def at_home(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a model's method so that it raises WrongTenant for an object of another tenant."""

    @wraps(method)
    def checked(self: Model, *args: Any, **kwargs: Any) -> Any:
        check_home(self)
        return method(self, *args, **kwargs)

    return checked
