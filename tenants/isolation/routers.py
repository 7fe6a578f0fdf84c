"""django-tenants' router, which decides which schemas have a model's table, plus a guard against mixing tenants."""

from typing import Any

from django.db.models import Model
from django_tenants.routers import TenantSyncRouter

from tenants.errors import WrongTenant
from tenants.isolation.ownership import check_home, home


class TenantRouter(TenantSyncRouter):
    """Django asks a router before it reads or writes an object: save, delete, refresh and related managers."""

    def db_for_read(self, model: type[Model], **hints: Any) -> None:
        check_home(hints.get("instance"))

    db_for_write = db_for_read

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> None:
        """Django calls this when one object is assigned or added to another. Raises WrongTenant for objects of two
        tenants.
        """
        here, there = home(obj1), home(obj2)
        if here and there and here != there:
            raise WrongTenant(
                f"{obj1._meta.label} belongs to {here}, and {obj2._meta.label} to {there}: they cannot be related."
            )
