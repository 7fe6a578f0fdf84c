"""Which organisation the running code works for, and as whom: within(tenant), public(), current(), as_owner().

The current tenant is a ContextVar: threads started with a copied context, async views and callbacks see the
right one, and a thread without one sees none. The database backend reads it before each statement
(tenants/backend/base.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any

from tenants.errors import NoTenant

if TYPE_CHECKING:
    from tenants.models import Tenant

PUBLIC_SCHEMA = "public"

# The database role that owns all schemas, and what SET ROLE calls "the login itself" (tenants/database_roles.py).
OWNER = "tenantry_owner"
LOGIN = "none"

_tenant: ContextVar["Tenant | None"] = ContextVar("tenant", default=None)
_is_owner: ContextVar[bool] = ContextVar("is_owner", default=False)


def current() -> "Tenant | None":
    """The tenant that the running code works for, or None outside all of them."""
    return _tenant.get()


def required() -> "Tenant":
    """The current tenant. Raises NoTenant outside all of them."""
    tenant = _tenant.get()
    if tenant is None:
        raise NoTenant("This needs an organisation, and none is current here. Wrap the call in `with within(tenant):`.")
    return tenant


def schema_name() -> str:
    """The PostgreSQL schema that statements go to now: the current tenant's, or `public`."""
    tenant = _tenant.get()
    return PUBLIC_SCHEMA if tenant is None else tenant.schema_name


def role() -> str:
    """The database role that statements run as now: a tenant's own, which has the name of its schema, unless the
    code works as the owner of all schemas; in `public` the login's.
    """
    if _is_owner.get():
        return OWNER
    tenant = _tenant.get()
    return LOGIN if tenant is None else tenant.schema_name


@contextmanager
def within(tenant: "Tenant") -> Iterator["Tenant"]:
    """Work inside a tenant's schema; afterwards, whatever was raised, be where one was before.

    A generator must not yield inside the block: whoever iterates over it would be in the tenant in between.
    """
    token = _tenant.set(tenant)
    try:
        yield tenant
    finally:
        _tenant.reset(token)


@contextmanager
def public() -> Iterator[None]:
    """Work in `public`, with the directory of tenants and the job queue, in the same transaction if one is
    open.
    """
    token = _tenant.set(None)
    try:
        yield
    finally:
        _tenant.reset(token)


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the database role that owns all schemas: for what makes, migrates or drops them, and nothing else.

    Where one is, stays: `within(tenant)` and `public()` say that, inside or outside.
    """
    token = _is_owner.set(True)
    try:
        yield
    finally:
        _is_owner.reset(token)


def bound(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, which runs in the tenant that is current now, whenever and wherever it is called."""
    tenant = _tenant.get()

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        token = _tenant.set(tenant)
        try:
            return function(*args, **kwargs)
        finally:
            _tenant.reset(token)

    return run


def activate(tenant: "Tenant | None") -> None:
    """Make a tenant current until something else is: only for django-tenants' `connection.set_tenant()`
    family.
    """
    _tenant.set(tenant)
