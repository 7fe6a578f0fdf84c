"""From a host name to an organisation: the cache, what it holds, and how long."""

from threading import Thread

import pytest
from cachetools import TTLCache
from django.db import connection, transaction

from tenants import hosts
from tenants.models import Domain, Tenant
from tenants.spares import make_spare


def tenant_at(host: str) -> Tenant:
    place = hosts.find(host)
    assert place is not None
    return place.tenant


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("acme.localhost", "acme.localhost"),
        ("ACME.LocalHost:8000", "acme.localhost"),
        ("acme.localhost.", "acme.localhost"),
        ("acme.localhost.:8000", "acme.localhost"),
        ("[::1]", "[::1]"),
        ("[::1]:8000", "[::1]"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("", ""),
    ],
)
def test_a_name_without_port_case_and_dot(header, name):
    assert hosts.normalise(header) == name


def test_a_host_is_looked_up_once(acme, django_assert_num_queries):
    hosts.find("acme.localhost")
    with django_assert_num_queries(0):
        place = hosts.find("acme.localhost")
        assert place is not None
        assert (place.tenant, place.is_primary, place.tenant.domain) == (acme, True, "acme.localhost")


def test_a_host_that_is_nobodys_is_looked_up_once(db, django_assert_num_queries):
    assert hosts.find("nobody.localhost") is None
    with django_assert_num_queries(0):
        assert hosts.find("nobody.localhost") is None


def test_a_name_that_cannot_exist_is_not_looked_up(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert hosts.find("a" * 254) is None


def test_the_memory_is_bounded(db, monkeypatch):
    memory = hosts.Memory(size=3)
    monkeypatch.setattr(hosts, "_memory", memory)
    hosts.find("acme.localhost")
    for number in range(10):
        hosts.find(f"nobody-{number}.localhost")
    assert (len(memory.found), len(memory.missing)) == (1, 3)


def test_what_another_process_changes_is_seen_after_five_seconds(acme, monkeypatch):
    now = [100.0]
    memory = hosts.Memory()
    memory.found = TTLCache(maxsize=9, ttl=hosts.SECONDS, timer=lambda: now[0])
    memory.missing = TTLCache(maxsize=9, ttl=hosts.SECONDS, timer=lambda: now[0])
    monkeypatch.setattr(hosts, "_memory", memory)
    hosts.find("acme.localhost")
    hosts.find("new.localhost")
    Tenant.objects.filter(pk=acme.pk).update(name="Renamed")  # sends no signal, as another process does not
    Domain.objects.bulk_create([Domain(tenant=acme, domain="new.localhost", is_primary=False)])
    now[0] += hosts.SECONDS - 0.1
    assert tenant_at("acme.localhost").name == "Acme"
    assert hosts.find("new.localhost") is None
    now[0] += 0.2
    assert tenant_at("acme.localhost").name == "Renamed"
    assert hosts.find("new.localhost") is not None
    assert hosts.SECONDS == 5


def test_what_this_process_changes_is_seen_after_the_commit_and_not_before(new_tenant):
    tenant = new_tenant("changing")
    seen = []

    def look() -> None:
        """What another request of this process finds meanwhile."""
        seen.append(tenant_at("changing.localhost").name)
        connection.close()

    def look_from_another_thread() -> None:
        thread = Thread(target=look)
        thread.start()
        thread.join()

    look_from_another_thread()
    with transaction.atomic():
        tenant.name = "Changed"
        tenant.save()
        look_from_another_thread()
    look_from_another_thread()
    assert seen == ["Changing", "Changing", "Changed"]


def test_what_was_rolled_back_is_forgotten(new_tenant):
    new_tenant("steadfast")
    with transaction.atomic():
        tenant = Tenant.objects.get(slug="steadfast")
        tenant.name = "Never"
        tenant.save()
        assert tenant_at("steadfast.localhost").name == "Never"
        transaction.set_rollback(True)
    assert tenant_at("steadfast.localhost").name == "Steadfast"


def test_a_slow_look_up_brings_nothing_old_back(acme, monkeypatch):
    """It read before the change, and ends after it."""
    look_up = hosts.look_up

    def slow(host: str) -> hosts.Place | None:
        place = look_up(host)
        Tenant.objects.filter(pk=acme.pk).update(name="Changed")
        hosts.clear()
        return place

    monkeypatch.setattr(hosts, "look_up", slow)
    assert tenant_at("acme.localhost").name == "Acme"
    monkeypatch.setattr(hosts, "look_up", look_up)
    assert tenant_at("acme.localhost").name == "Changed"


def test_requests_do_not_share_a_tenant(acme):
    one, other = tenant_at("acme.localhost"), tenant_at("acme.localhost")
    one.name = "Mine"
    one.logo.name = "mine.webp"
    assert other.name == "Acme"
    assert one.logo.instance is one
    assert other.logo.instance is other
    assert not tenant_at("acme.localhost").logo


@pytest.mark.parametrize("state", [Tenant.State.SPARE, Tenant.State.TEMPLATE])
def test_no_host_leads_to_a_spare_or_the_template(db, state):
    tenant = make_spare() if state == Tenant.State.SPARE else Tenant.objects.template()
    Domain.objects.create(tenant=tenant, domain="hidden.localhost")
    assert hosts.find("hidden.localhost") is None


def test_deleting_a_domain_is_seen_at_once(acme):
    domain = Domain.objects.create(tenant=acme, domain="second.localhost", is_primary=False)
    assert hosts.find("second.localhost") is not None
    domain.delete()
    assert hosts.find("second.localhost") is None
