"""Finds the organisation of a host name. Each process caches those that are served, until the directory changes."""

import logging
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
from tenants.signals import directory_changed

logger = logging.getLogger(__name__)

# How often each process checks whether another process has changed the directory, in seconds.
SECONDS = 5
NEVER = float("-inf")
# The most host names in the cache.
SIZE = 10_000
# No host name is longer: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
LONGEST = 253

# A number that differs after any change, also by SQL: xmin is the transaction that wrote this version of a row. It
# costs one scan of the directory; a counter would make writers wait for each other.
# https://www.postgresql.org/docs/current/ddl-system-columns.html
VERSION = """
SELECT count(*), sum(hash_record_extended((domain.id, domain.xmin, tenant.id, tenant.xmin), 0))
FROM tenants_domain domain JOIN tenants_tenant tenant ON tenant.id = domain.tenant_id
WHERE tenant.state IN ('active', 'suspended')
"""


class Place(NamedTuple):
    """The organisation of a host name, and whether the name is its primary one."""

    tenant: Tenant
    is_primary: bool

    @property
    def is_served(self) -> bool:
        """Are the organisation's pages served at this host? Otherwise it redirects, or a page says why not."""
        return self.is_primary and self.tenant.state == Tenant.State.ACTIVE and self.tenant.is_complete


class Memory:
    """A process's cache of host names. All entries were read at or after `version` of the directory.

    It keeps only hosts that are served. All others are looked up each time (tenants/serving/lookups.py): a cached
    "unknown", "moved" or "unavailable" would be wrong after another process has signed up, renamed, resumed or migrated
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
    """A Host header's name: without port and trailing dot, in lower case."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower().removesuffix(".")


def find(host: str) -> Place | None:
    """The place of a normalised host name, or None. The tenant is the caller's own copy.

    Without a database it raises Django's OperationalError, and the next request tries again.
    """
    if len(host) > LONGEST:
        return None
    if _memory.is_due and _memory.recall(host):
        _look_ups.go()  # If another thread is at it already, this one continues with the cache.
    # A look-up of the host asks for changes as well, where that is due.
    place = _memory.recall(host) or _look_ups.answer(host)
    return Place(own_copy(place.tenant), place.is_primary) if place else None


def look_up(hosts: Collection[str]) -> dict[str, Place]:
    """The places of these hosts, from the database. If a check is due and the directory has changed, it also empties
    the cache.

    One thread at a time runs it, on a connection that no request uses.
    """
    with parked(), public(), limited("look-up"):
        memory = renewed()
        places = read(hosts) if hosts else {}
    memory.keep(places)
    return places


def renewed() -> Memory:
    """The cache, or an empty one if the directory has changed."""
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
            tell_change()
            _memory = known = Memory(version)
    return known


def tell_change() -> None:
    """An error of a receiver keeps no host from being found."""
    for _receiver, error in directory_changed.send_robust(sender=Memory):
        if error:
            logger.error("What pages show of the directory could not be read.", exc_info=error)


def read_version() -> Any:
    """The present version of the directory, for comparison."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return cursor.fetchone()


def read(hosts: Collection[str]) -> dict[str, Place]:
    """The places of those hosts that belong to an organisation. Spares and the template have none, with any domain."""
    claimed = Domain.objects.filter(tenant__state__in=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED])
    return {domain.domain: place_of(domain) for domain in claimed.select_related("tenant").filter(domain__in=hosts)}


def place_of(domain: Domain) -> Place:
    if domain.is_primary:
        domain.tenant.domain = domain.domain
    return Place(domain.tenant, domain.tenant.domain == domain.domain)


def own_copy(tenant: Tenant) -> Tenant:
    """Another object for the same row, made from the values as they were read, so that no open `logo` is shared."""
    fields = [field.attname for field in Tenant._meta.concrete_fields]
    copy = Tenant.from_db("default", fields, [tenant.__dict__[name] for name in fields])
    copy.domain = tenant.domain
    return copy


def clear() -> None:
    """Empty this process's cache. A look-up that began before cannot fill the new one with old values."""
    global _memory  # noqa: PLW0603  one memory for each process, replaced as a whole
    _memory = Memory()


def drop(host: str) -> None:
    """Remove one host from this process's cache."""
    with _memory.lock:
        _memory.found.pop(host, None)


def forget(**kwargs: Any) -> None:  # noqa: ARG001  what a signal sends
    """Empty the cache now, and again when the transaction that changes the directory commits or rolls back."""
    clear()
    transaction.on_commit(clear)
    on_rollback(clear)


def connect(*models: type[Model]) -> None:
    """Empty the cache when this process changes the directory. Changes by other processes are seen after SECONDS."""
    for model in models:
        post_save.connect(forget, sender=model, dispatch_uid="tenants.serving.hosts")
        post_delete.connect(forget, sender=model, dispatch_uid="tenants.serving.hosts")


def begin_anew() -> None:
    """Called in a forked child: a thread that exists only in the parent may have held a lock."""
    global _look_ups  # noqa: PLW0603  one line for each process
    clear()
    _look_ups = LookUps(look_up)


_look_ups = LookUps(look_up)
os.register_at_fork(after_in_child=begin_anew)
