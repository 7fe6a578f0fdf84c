"""Which organisation a host name leads to, from a small cache in each process."""

from threading import Lock
from typing import Any, NamedTuple

from cachetools import TTLCache
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from tenants.context import public
from tenants.models import Domain, Tenant

# How long a change made by another process may go unseen, in seconds.
SECONDS = 5

_lock = Lock()
_found: TTLCache[str, "Place"] = TTLCache(maxsize=10_000, ttl=SECONDS)
# Apart, so that a flood of made-up host names cannot push the real ones out.
_missing: TTLCache[str, bool] = TTLCache(maxsize=10_000, ttl=SECONDS)


class Place(NamedTuple):
    """What a host name leads to."""

    tenant: Tenant
    is_primary: bool


def normalise(host: str) -> str:
    """A Host header as a bare name: without port and trailing dot, in lower case."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower().removesuffix(".")


def find(host: str) -> Place | None:
    """Where a normalised host name leads, or None. The tenant is the caller's own copy, free to be changed."""
    with _lock:
        place = _found.get(host)
        if place is None and host in _missing:
            return None
    if place is None:
        place = look_up(host)
        with _lock:
            if place is None:
                _missing[host] = True
                return None
            _found[host] = place
    return Place(own_copy(place.tenant), place.is_primary)


def look_up(host: str) -> Place | None:
    """The same from the database. Spares and the template have no domain, so no host leads to them."""
    with public():
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
        if domain is None:
            return None
        if domain.is_primary:
            domain.tenant.domain = host
        return Place(domain.tenant, domain.is_primary)


def own_copy(tenant: Tenant) -> Tenant:
    fields = [field.attname for field in Tenant._meta.concrete_fields]
    copy = Tenant.from_db("default", fields, [getattr(tenant, name) for name in fields])
    if "domain" in tenant.__dict__:
        copy.domain = tenant.domain
    return copy


def clear() -> None:
    """Drop all that this process remembers."""
    with _lock:
        _found.clear()
        _missing.clear()


def forget(**kwargs: Any) -> None:
    """The same at the end of the transaction that changed the directory."""
    transaction.on_commit(clear)


def connect(*models: type[Model]) -> None:
    """Forget whenever the directory changes in this process; the others see it after SECONDS at the latest."""
    for model in models:
        post_save.connect(forget, sender=model, dispatch_uid="tenants.hosts")
        post_delete.connect(forget, sender=model, dispatch_uid="tenants.hosts")
