"""The current tenant and database role: within(tenant), public(), current(), as_owner().

The current tenant is a ContextVar: threads started with a copied context, async views and callbacks see the
right tenant, and any other thread sees none. The database backend reads it before each statement
(tenants/backend/base.py).
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any

from tenants import current as variables
from tenants.current import LOGIN, OWNER, PUBLIC_SCHEMA, public, role, schema_name
from tenants.eager import block, eager, name_of
from tenants.errors import NoTenant

if TYPE_CHECKING:
    from tenants.models import Tenant

__all__ = [
    "LOGIN",
    "OWNER",
    "PUBLIC_SCHEMA",
    "activate",
    "as_owner",
    "block",
    "bound",
    "current",
    "eager",
    "name_of",
    "public",
    "required",
    "role",
    "schema_name",
    "within",
]


def current() -> "Tenant | None":
    """The current tenant, or None outside all tenants."""
    return variables.tenant.get()


def is_of_operators() -> bool:
    """Is the current tenant the organisation of those who run this installation?"""
    tenant = current()
    return tenant is not None and tenant.is_operators


def required() -> "Tenant":
    """The current tenant. Raises NoTenant outside all tenants."""
    tenant = variables.tenant.get()
    if tenant is None:
        raise NoTenant("This needs an organisation, and none is current here. Wrap the call in `with within(tenant):`.")
    return tenant


@block
def within(tenant: "Tenant") -> Iterator["Tenant"]:
    """Work inside a tenant's schema. On exit, also after an exception, the previous tenant is current again.

    A generator must not yield inside the block: between two values, its caller would run in this tenant.
    """
    token = variables.tenant.set(tenant)
    try:
        yield tenant
    finally:
        variables.tenant.reset(token)


@block
def as_owner() -> Iterator[None]:
    """Work as the database role that owns all schemas. Only for code that creates, migrates or drops schemas.

    It does not change the schema; use `within(tenant)` or `public()` for that, inside or outside this block.
    """
    token = variables.is_owner.set(True)
    try:
        yield
    finally:
        variables.is_owner.reset(token)


def bound(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `function` so that it always runs in the tenant that is current now.

    Raises TypeError for a function whose code runs after the call returns, such as a generator.
    """
    function = eager(function)
    tenant = variables.tenant.get()

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        token = variables.tenant.set(tenant)
        try:
            return function(*args, **kwargs)
        finally:
            variables.tenant.reset(token)

    return run


def activate(tenant: "Tenant | None") -> None:
    """Make a tenant current without a block: only for django-tenants' `connection.set_tenant()` and its relatives."""
    variables.tenant.set(tenant)
