"""Which organisation the running code works for, and as whom: within(tenant), public(), current(), as_owner().

The current tenant is a ContextVar: threads started with a copied context, async views and callbacks see the
right one, and a thread without one sees none. The database backend reads it before each statement
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
    """The tenant that the running code works for, or None outside all of them."""
    return variables.tenant.get()


def required() -> "Tenant":
    """The current tenant. Raises NoTenant outside all of them."""
    tenant = variables.tenant.get()
    if tenant is None:
        raise NoTenant("This needs an organisation, and none is current here. Wrap the call in `with within(tenant):`.")
    return tenant


@block
def within(tenant: "Tenant") -> Iterator["Tenant"]:
    """Work inside a tenant's schema; afterwards, whatever was raised, be where one was before.

    A generator must not yield inside the block: whoever iterates over it would be in the tenant in between.
    """
    token = variables.tenant.set(tenant)
    try:
        yield tenant
    finally:
        variables.tenant.reset(token)


@block
def as_owner() -> Iterator[None]:
    """Work as the database role that owns all schemas: for what makes, migrates or drops them, and nothing else.

    Where one is, stays: `within(tenant)` and `public()` say that, inside or outside.
    """
    token = variables.is_owner.set(True)
    try:
        yield
    finally:
        variables.is_owner.reset(token)


def bound(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, which runs in the tenant that is current now, whenever and wherever it is called. Raises TypeError
    for one that would run after that.
    """
    eager(function)
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
    """Make a tenant current until something else is: only for django-tenants' `connection.set_tenant()`
    family.
    """
    variables.tenant.set(tenant)
