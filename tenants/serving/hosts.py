"""Which organisation a host name leads to, remembered in each process until the directory changes."""

import os
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from cachetools import LRUCache
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from tenants.backend.rollback import on_rollback
from tenants.context import public
from tenants.models import Domain, Tenant

# How long a change made by another process may go unseen, in seconds: so often each process asks for one.
SECONDS = 5
NEVER = float("-inf")
# Of host names that lead somewhere, and of others, at most so many are kept.
SIZE = 10_000
# Longer names cannot exist: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
LONGEST = 253

# Another number after any change, however it was made: xmin is the transaction that wrote this version of a row.
# One scan of the directory, and nothing for writers to wait for, as a counter would be.
# https://www.postgresql.org/docs/current/ddl-system-columns.html
VERSION = """
SELECT count(*), sum(hash_record_extended((domain.id, domain.xmin, tenant.id, tenant.xmin), 0))
FROM tenants_domain domain JOIN tenants_tenant tenant ON tenant.id = domain.tenant_id
WHERE tenant.state IN ('active', 'suspended')
"""


class Place(NamedTuple):
    """What a host name leads to."""

    tenant: Tenant
    is_primary: bool


class Memory:
    """What a process knows of host names. All of it was read after that version of the directory."""

    def __init__(self, version: Any = None) -> None:
        self.version = version
        self.asked = monotonic() if version else NEVER
        self.lock = Lock()
        self.found: LRUCache[str, Place] = LRUCache(maxsize=SIZE)
        # Apart, so that a flood of made-up host names cannot push the real ones out.
        self.missing: LRUCache[str, bool] = LRUCache(maxsize=SIZE)

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

    def is_due(self) -> bool:
        """Has this thread to ask for changes now? The others go on meanwhile with what is known."""
        with self.lock:
            now = monotonic()
            if now - self.asked < SECONDS:
                return False
            self.asked = now
            return True


_memory = Memory()


def normalise(host: str) -> str:
    """A Host header as a bare name: without port and trailing dot, in lower case."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower().removesuffix(".")


def find(host: str) -> Place | None:
    """Where a normalised host name leads, or None. The tenant is the caller's own copy."""
    place = memory().find(host) if len(host) <= LONGEST else None
    return Place(own_copy(place.tenant), place.is_primary) if place else None


def memory() -> Memory:
    """What is known, or an empty one where the directory has changed.

    Without a database it raises Django's OperationalError, and the next request asks again.
    """
    global _memory  # noqa: PLW0603  one memory for each process, replaced as a whole
    known = _memory
    if known.is_due():
        try:
            version = read_version()
        except BaseException:
            known.asked = NEVER
            raise
        if version != known.version:
            _memory = known = Memory(version)
    return known


def read_version() -> Any:
    """What the directory is at now, to be compared."""
    with public(), connection.cursor() as cursor:
        cursor.execute(VERSION)
        return cursor.fetchone()


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
    """Forget whenever the directory changes in this process; what others change is seen after SECONDS."""
    for model in models:
        post_save.connect(forget, sender=model, dispatch_uid="tenants.serving.hosts")
        post_delete.connect(forget, sender=model, dispatch_uid="tenants.serving.hosts")


# A lock may have been held in the parent, by a thread that the child has not.
os.register_at_fork(after_in_child=clear)
