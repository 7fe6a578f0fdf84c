"""Marks each object of a tenant's model with the schema it came from, and refuses it in any other.

What Django gives no chance to check are objects in a filter:
`Profile.objects.filter(user=user_of_another_tenant)` is a comparison of primary keys.
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

# Their rows are the same in all tenants (docs/design.md, invariant 4), and Django and guardian keep the objects
# for the life of a process, whichever tenant they were first read in.
SAME_EVERYWHERE = {"contenttypes.ContentType", "auth.Permission"}


def connect() -> None:
    """Stamp and guard the models of TENANT_APPS, each by its own sender: other models pay nothing."""
    listed = TenantSyncRouter()
    for model in apps.get_models(include_auto_created=True):
        is_tenants = listed.app_in_list(model._meta.app_label, settings.TENANT_APPS)
        if is_tenants and model._meta.label not in SAME_EVERYWHERE:
            post_init.connect(stamp, sender=model, dispatch_uid="tenants.stamp")
            post_save.connect(stamp, sender=model, dispatch_uid="tenants.stamp")
            guard(model)


def stamp(instance: Model, **kwargs: Any) -> None:  # noqa: ARG001  what a signal sends
    """Remember where an object is of. One made outside all tenants gets its home when it is first saved."""
    tenant = context.current()
    if tenant is not None:
        instance._state.schema_name = tenant.schema_name  # type: ignore[attr-defined]


def home(instance: Any) -> str | None:
    """The schema that an object is of, or None if it is of none, or is no model's at all."""
    return getattr(getattr(instance, "_state", None), "schema_name", None)


def check_home(instance: Model | None) -> None:
    """Raise WrongTenant for an object of another tenant than the current one."""
    schema = home(instance)
    if schema is not None and schema != context.schema_name():
        raise WrongTenant(
            f"This {instance._meta.label} is of {schema}, and {context.schema_name()} is current. "  # type: ignore[union-attr]
            "Load it again where you use it, or go back with `with within(tenant):`."
        )


def guard(model: type[Model]) -> None:
    """Check an object where Django asks no router about it: `using=…`, delete(using=…), bulk_create(),
    bulk_update().

    Signals would not do: the bulk methods send none, and a receiver of pre_delete costs a model Django's fast
    deletes.
    """
    for name in ("_prepare_related_fields_for_save", "delete"):
        setattr(model, name, at_home(getattr(model, name)))


def at_home(method: Callable[..., Any]) -> Callable[..., Any]:
    """A model's method that raises WrongTenant for an object of another tenant."""

    @wraps(method)
    def checked(self: Model, *args: Any, **kwargs: Any) -> Any:
        check_home(self)
        return method(self, *args, **kwargs)

    return checked
