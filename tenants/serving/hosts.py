"""Which organisation a host name leads to; of those that are served, remembered in each process until the directory
changes.
"""

import os
from collections.abc import Collection
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from cachetools import LRUCache
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from tenants.backend.rollback import on_rollback
from tenants.context import public
from tenants.isolation.timeouts import limited
from tenants.models import Domain, Tenant
from tenants.serving.lookups import LookUps
from tenants.serving.parking import parked

# How long a change made by another process may go unseen, in seconds: so often each process asks for one.
SECONDS = 5
NEVER = float("-inf")
# So many host names are kept at most.
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

    @property
    def is_served(self) -> bool:
        """Are its pages shown? Else there is a page instead that says why not, or where they are."""
        return self.is_primary and self.tenant.state == Tenant.State.ACTIVE and self.tenant.is_complete


class Memory:
    """What a process knows of host names. All of it was read after that version of the directory.

    Only what is served is kept. "No", "elsewhere" and "not now" are asked for each time (tenants/serving/lookups.py):
    a process that remembered them would go on saying so after another one has signed up, renamed, resumed or migrated
    the organisation.
    """

    def __init__(self, version: Any = None) -> None:
        self.version = version
        self.asked = monotonic() if version else NEVER
        self.lock = Lock()
        self.found: LRUCache[str, Place] = LRUCache(maxsize=SIZE)

    @property
    def is_due(self) -> bool:
        """Is it time to ask for changes?"""
        return monotonic() - self.asked >= SECONDS

    def recall(self, host: str) -> Place | None:
        with self.lock:
            return self.found.get(host)

    def keep(self, places: dict[str, Place]) -> None:
        with self.lock:
            for host, place in places.items():
                if place.is_served:
                    self.found[host] = place


_memory = Memory()


def normalise(host: str) -> str:
    """A Host header as a bare name: without port and trailing dot, in lower case."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower().removesuffix(".")


def find(host: str) -> Place | None:
    """Where a normalised host name leads, or None. The tenant is the caller's own copy.

    Without a database it raises Django's OperationalError, and the next request asks again.
    """
    if len(host) > LONGEST:
        return None
    if _memory.is_due:
        _look_ups.go()  # Unless one is on its way: the others go on meanwhile with what is known.
    place = _memory.recall(host) or _look_ups.answer(host)
    return Place(own_copy(place.tenant), place.is_primary) if place else None


def look_up(hosts: Collection[str]) -> dict[str, Place]:
    """Where these lead, from the database; and forget what is remembered if it is time and the directory has changed.

    One thread at a time does so, on a connection that no request has.
    """
    with parked(), public(), limited("look-up"):
        memory = renewed()
        places = read(hosts) if hosts else {}
    memory.keep(places)
    return places


def renewed() -> Memory:
    """What is known, or an empty one where the directory has changed."""
    global _memory  # noqa: PLW0603  one memory for each process, replaced as a whole
    known = _memory
    if known.is_due:
        known.asked = monotonic()
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
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return cursor.fetchone()


def read(hosts: Collection[str]) -> dict[str, Place]:
    """Those of them that lead somewhere. No host leads to a spare or to the template, whatever domain they were
    given.
    """
    claimed = Domain.objects.filter(tenant__state__in=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED])
    return {domain.domain: place_of(domain) for domain in claimed.select_related("tenant").filter(domain__in=hosts)}


def place_of(domain: Domain) -> Place:
    if domain.is_primary:
        domain.tenant.domain = domain.domain
    return Place(domain.tenant, domain.tenant.domain == domain.domain)


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


def begin_anew() -> None:
    """In a child process: a lock may have been held in the parent, by a thread that the child has not."""
    global _look_ups  # noqa: PLW0603  one line for each process
    clear()
    _look_ups = LookUps(look_up)


_look_ups = LookUps(look_up)
os.register_at_fork(after_in_child=begin_anew)
