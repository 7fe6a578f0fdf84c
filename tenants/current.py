"""The two variables behind tenants.context, and the schema and role that follow from them.

A separate module to avoid a circular import: the models need `public()`, and tenants.context names the models.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings

from tenants.eager import block

PUBLIC_SCHEMA = "public"

# The database role that owns all schemas, and SET ROLE's name for the login itself
# (tenants/isolation/database_roles.py).
OWNER = f"{settings.DATABASE_ROLE_PREFIX}_owner"
LOGIN = "none"

# The current tenant, or None outside all tenants.
tenant: ContextVar[Any] = ContextVar("tenant", default=None)
is_owner: ContextVar[bool] = ContextVar("is_owner", default=False)


def schema_name() -> str:
    """The PostgreSQL schema of the next statement: the current tenant's, or `public`."""
    current = tenant.get()
    return PUBLIC_SCHEMA if current is None else current.schema_name


def role() -> str:
    """The database role of the next statement.

    Within `as_owner()` it is the owner of all schemas. Otherwise it is the current tenant's role, which has the name
    of its schema, or the login itself in `public`.
    """
    if is_owner.get():
        return OWNER
    current = tenant.get()
    return LOGIN if current is None else current.schema_name


@block
def public() -> Iterator[None]:
    """Work in `public`, which holds the directory of tenants and the job queue. An open transaction continues."""
    token = tenant.set(None)
    try:
        yield
    finally:
        tenant.reset(token)
