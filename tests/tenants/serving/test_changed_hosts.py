"""From a host name to an organisation: when a process sees what another one has changed."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tenants.serving import hosts
from tests.tenants.serving.test_hosts import add_domain, tenant_at
from tests.tenants.where import no_database


@pytest.fixture
def seconds_pass(monkeypatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr(hosts, "monotonic", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


def rename(acme: Tenant) -> None:
    Tenant.objects.filter(pk=acme.pk).update(name="Renamed")  # sends no signal, as another process does not


def suspend(acme: Tenant) -> None:
    Tenant.objects.filter(pk=acme.pk).update(state=Tenant.State.SUSPENDED)


def migrate(acme: Tenant) -> None:
    Tenant.objects.filter(pk=acme.pk).update(fingerprint="")


def take_domain_away(acme: Tenant) -> None:
    Domain.objects.filter(tenant=acme)._raw_delete("default")


def claim_spare() -> None:
    spare = Tenant.objects.filter(state=Tenant.State.SPARE).latest("pk")
    Tenant.objects.filter(pk=spare.pk).update(state=Tenant.State.ACTIVE, slug="new")
    Domain.objects.bulk_create([Domain(tenant=spare, domain="new.localhost", is_primary=True)])


def known() -> list[Any]:
    """The look-ups of the hosts that these tests change."""
    places = [hosts.find(host) for host in ("acme.localhost", "new.localhost")]
    return [(place.tenant.name, place.tenant.state, place.tenant.fingerprint) if place else None for place in places]


@pytest.mark.parametrize("change", [rename, suspend, migrate, take_domain_away])
def test_what_another_process_changes_is_seen_after_five_seconds(acme, change, seconds_pass):
    before = known()
    change(acme)
    seconds_pass(hosts.SECONDS - 0.1)
    assert known() == before
    seconds_pass(0.2)
    assert known() != before
    assert hosts.SECONDS == 5


@pytest.mark.parametrize("change", [lambda _: claim_spare(), add_domain])
def test_an_address_that_another_process_gives_is_seen_at_once(acme, change, seconds_pass):
    make_spare()
    assert known()[1] is None
    change(acme)
    assert known()[1] is not None


def test_where_nothing_changes_five_seconds_cost_one_question_for_all_hosts(
    acme, globex, seconds_pass, django_assert_num_queries
):
    def look() -> None:
        for host in ("acme.localhost", "globex.localhost"):
            hosts.find(host)

    look()
    seconds_pass(hosts.SECONDS)
    with django_assert_num_queries(1):
        look()
    seconds_pass(hosts.SECONDS - 0.1)
    with django_assert_num_queries(0):
        look()


def test_one_thread_asks_and_no_other_waits(acme, seconds_pass, monkeypatch):
    hosts.find("acme.localhost")
    seconds_pass(hosts.SECONDS)
    asked = []

    def read_version() -> Any:
        """Meanwhile other requests come in."""
        asked.append(hosts.find("acme.localhost"))
        return hosts._memory.version

    monkeypatch.setattr(hosts, "read_version", read_version)
    assert hosts.find("acme.localhost") == asked[0]
    assert len(asked) == 1


def test_without_a_database_it_says_so_and_asks_again(acme_and_globex, seconds_pass):
    """It does not use a cache that may be out of date: without a database, only errors could be served anyway."""
    hosts.find("acme.localhost")
    seconds_pass(hosts.SECONDS)
    with no_database():
        for _ in range(2):
            with pytest.raises(OperationalError):
                hosts.find("acme.localhost")
    assert tenant_at("acme.localhost") == acme_and_globex[0]


def test_a_forked_process_remembers_for_itself(acme):
    """A thread of the parent that the child does not have may have held the lock."""
    hosts.find("acme.localhost")
    parents, line = hosts._memory, hosts._look_ups
    with parents.lock, line._changed:
        child = os.fork()
        if child == 0:
            os._exit(hosts._memory is parents or hosts._memory.lock.locked() or hosts._look_ups is line)
    assert os.waitpid(child, 0)[1] == 0
