"""The two variables behind tenants.context, and what the database reads of them.

Apart from that module for its types alone: the models need `public()`, and the functions there name the models.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings

from tenants.eager import block

PUBLIC_SCHEMA = "public"

# The database role that owns all schemas, and what SET ROLE calls "the login itself"
# (tenants/isolation/database_roles.py).
OWNER = f"{settings.DATABASE_ROLE_PREFIX}_owner"
LOGIN = "none"

# The tenant that the running code works for, or None outside all of them.
tenant: ContextVar[Any] = ContextVar("tenant", default=None)
is_owner: ContextVar[bool] = ContextVar("is_owner", default=False)


def schema_name() -> str:
    """The PostgreSQL schema that statements go to now: the current tenant's, or `public`."""
    current = tenant.get()
    return PUBLIC_SCHEMA if current is None else current.schema_name


def role() -> str:
    """The database role that statements run as now.

    That is a tenant's own, which has the name of its schema; the owner of all schemas within `as_owner()`; and in
    `public` the login's.
    """
    if is_owner.get():
        return OWNER
    current = tenant.get()
    return LOGIN if current is None else current.schema_name


@block
def public() -> Iterator[None]:
    """Work in `public`, with the directory of tenants and the job queue, in the same transaction if one is
    open.
    """
    token = tenant.set(None)
    try:
        yield
    finally:
        tenant.reset(token)
