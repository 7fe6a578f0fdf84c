"""Which organisation a host name leads to, from a small cache in each process."""

from threading import Lock
from typing import Any, NamedTuple

from cachetools import TTLCache
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from tenants.backend.rollback import on_rollback
from tenants.context import public
from tenants.models import Domain, Tenant

# How long a change made by another process may go unseen, in seconds.
SECONDS = 5
# Longer names cannot exist: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
LONGEST = 253


class Place(NamedTuple):
    """What a host name leads to."""

    tenant: Tenant
    is_primary: bool


class Memory:
    """What a process knows of host names, for SECONDS at most."""

    def __init__(self, size: int = 10_000) -> None:
        self.lock = Lock()
        self.found: TTLCache[str, Place] = TTLCache(maxsize=size, ttl=SECONDS)
        # Apart, so that a flood of made-up host names cannot push the real ones out.
        self.missing: TTLCache[str, bool] = TTLCache(maxsize=size, ttl=SECONDS)

    def find(self, host: str) -> Place | None:
        with self.lock:
            if place := self.found.get(host):
                return place
            if host in self.missing:
                return None
        place = look_up(host)
        with self.lock:
            if place is None:
                self.missing[host] = True
            else:
                self.found[host] = place
        return place


_memory = Memory()


def normalise(host: str) -> str:
    """A Host header as a bare name: without port and trailing dot, in lower case."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower().removesuffix(".")


def find(host: str) -> Place | None:
    """Where a normalised host name leads, or None. The tenant is the caller's own copy."""
    place = _memory.find(host) if len(host) <= LONGEST else None
    return Place(own_copy(place.tenant), place.is_primary) if place else None


def look_up(host: str) -> Place | None:
    """The same from the database. No host leads to a spare or to the template, whatever domain they were
    given.
    """
    with public():
        claimed = Domain.objects.filter(tenant__state__in=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED])
        domain = claimed.select_related("tenant").filter(domain=host).first()
        if domain is None:
            return None
        if domain.is_primary:
            domain.tenant.domain = host
        return Place(domain.tenant, domain.tenant.domain == host)


def own_copy(tenant: Tenant) -> Tenant:
    """The same row as another object. Values are taken as they were read: an open `logo` would be shared."""
    fields = [field.attname for field in Tenant._meta.concrete_fields]
    copy = Tenant.from_db("default", fields, [tenant.__dict__[name] for name in fields])
    copy.domain = tenant.domain
    return copy


def clear() -> None:
    """Drop all that this process remembers. A look-up that began before cannot bring back what it read."""
    global _memory  # noqa: PLW0603  one memory for each process, replaced as a whole
    _memory = Memory()


def forget(**kwargs: Any) -> None:  # noqa: ARG001  what a signal sends
    """Drop it now and at the end of the transaction that changes the directory, however it ends."""
    clear()
    transaction.on_commit(clear)
    on_rollback(clear)


def connect(*models: type[Model]) -> None:
    """Forget whenever the directory changes in this process; others see it after SECONDS at the latest."""
    for model in models:
        post_save.connect(forget, sender=model, dispatch_uid="tenants.hosts")
        post_delete.connect(forget, sender=model, dispatch_uid="tenants.hosts")
