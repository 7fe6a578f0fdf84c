"""For which hosts the proxy may get a certificate: answered from memory, to the proxy alone."""

import logging
from collections.abc import Collection
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from profiles.own_domains.models import OwnDomain
from shared.loopback import is_from_here
from tenants.models import Domain, Tenant
from tenants.serving.hosts import LONGEST, normalise
from tenants.serving.lookups import LookUps
from tenants.serving.turns import Crowded
from tenants.serving.working import working

logger = logging.getLogger(__name__)

# What is read counts for so long. A host that is not among it is looked up each time: it may be new.
SECONDS = 5.0
SERVED = [Tenant.State.ACTIVE, Tenant.State.SUSPENDED]


class Memory:
    """All hosts that lead to an organisation. One thread reads them anew; the others go on with what there is."""

    def __init__(self) -> None:
        self.hosts: frozenset[str] = frozenset()
        self.read_at = float("-inf")
        self.lock = Lock()
        self.look_ups = LookUps(look_up)

    def has(self, host: str) -> bool:
        try:
            self.renew()
            return host in self.hosts or (may_be_ours(host) and self.look_ups.answer(host) is not None)
        except (DatabaseError, Crowded):
            logger.exception("The directory of organisations cannot be read. What was read before still counts.")
            return host in self.hosts

    def renew(self) -> None:
        if monotonic() - self.read_at < SECONDS or not self.lock.acquire(blocking=False):
            return
        try:
            began = monotonic()
            self.hosts = frozenset({settings.BASE_DOMAIN, *read()})
            self.read_at = began
        finally:
            self.lock.release()


class Allowance:
    """So many questions per second in this process. A flood of made-up names costs no more."""

    def __init__(self) -> None:
        self.second, self.left = 0, 0
        self.lock = Lock()

    def take(self) -> bool:
        with self.lock:
            if self.second != (now := int(monotonic())):
                self.second, self.left = now, settings.TLS_ASKS_PER_SECOND
            self.left -= 1
            return self.left >= 0


def read(**those: Any) -> list[str]:
    """The hosts of organisations, all or those that are asked for, but no domain of theirs that is not live.

    It takes a turn of health checks, and their connection: it waits for no organisation, and the process has no more
    connections for it.
    """
    failing = OwnDomain.objects.filter(host=OuterRef("domain"), tenant=OuterRef("tenant")).exclude(
        state=OwnDomain.State.LIVE
    )
    with working(None, "health"):
        served = Domain.objects.filter(~Exists(failing), tenant__state__in=SERVED, **those)
        return list(served.values_list("domain", flat=True))


def look_up(hosts: Collection[str]) -> dict[str, bool]:
    """Those of these hosts that may have a certificate."""
    return dict.fromkeys(read(domain__in=hosts), True)


def may_be_ours(host: str) -> bool:
    """Does it have the form in which hosts are stored?"""
    return 0 < len(host) <= LONGEST and host.isascii() and host.isprintable()


memory, allowance = Memory(), Allowance()


def answer(request: HttpRequest) -> HttpResponse:
    """200 if the proxy may get a certificate for the host that it names, else 404; 429 if it asks too often.

    https://caddyserver.com/docs/caddyfile/options#on-demand-tls
    """
    if not allowance.take():
        return HttpResponse(status=429, headers={"Retry-After": "1"})
    return HttpResponse(status=200 if memory.has(normalise(request.GET.get("domain", ""))) else 404)


def may_ask(request: HttpRequest, key: str) -> bool:
    """Does it know TLS_SECRET? Without one: does it come from this machine, and was it not passed on by a proxy?"""
    if settings.TLS_SECRET:
        return constant_time_compare(key, settings.TLS_SECRET)
    return is_from_here(request)
