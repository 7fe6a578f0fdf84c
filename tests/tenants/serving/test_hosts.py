"""From a host name to an organisation: the cache, what it contains, and for how long."""

from collections.abc import Collection
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client

from tenants.context import as_owner
from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tenants.serving import hosts


def tenant_at(host: str) -> Tenant:
    place = hosts.find(host)
    assert place is not None
    return place.tenant


def add_domain(acme: Tenant) -> None:
    Domain.objects.bulk_create([Domain(tenant=acme, domain="new.localhost", is_primary=False)])


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


def test_an_unknown_host_is_looked_up_each_time(acme, django_assert_num_queries):
    """It may belong to an organisation by now."""
    assert hosts.find("new.localhost") is None
    with django_assert_num_queries(1):
        assert hosts.find("new.localhost") is None
    add_domain(acme)
    assert hosts.find("new.localhost") is not None


def elsewhere(acme: Tenant) -> None:
    Domain.objects.filter(tenant=acme).update(is_primary=False)
    Domain.objects.bulk_create([Domain(tenant=acme, domain="elsewhere.localhost", is_primary=True)])


def suspended(acme: Tenant) -> None:
    Tenant.objects.filter(pk=acme.pk).update(state=Tenant.State.SUSPENDED)


def incomplete(acme: Tenant) -> None:
    Tenant.objects.filter(pk=acme.pk).update(fingerprint="")


@pytest.mark.parametrize("change", [elsewhere, suspended, incomplete])
def test_what_is_not_served_is_not_remembered(acme, change):
    """Another process may change it back at any moment."""
    fingerprint = acme.fingerprint
    change(acme)
    place = hosts.find("acme.localhost")
    assert place is not None
    assert not place.is_served
    Domain.objects.filter(domain="elsewhere.localhost")._raw_delete("default")
    Domain.objects.filter(tenant=acme).update(is_primary=True)
    Tenant.objects.filter(pk=acme.pk).update(state=Tenant.State.ACTIVE, fingerprint=fingerprint)
    place = hosts.find("acme.localhost")
    assert place is not None
    assert place.is_served


def test_a_host_whose_organisation_has_gone_is_looked_up_again(acme, globex):
    """Another process has removed it, and its address is another organisation's by now."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA {acme.schema_name} RENAME TO removed")
    client = Client(raise_request_exception=False, SERVER_NAME="acme.localhost")
    form = {"login": "nobody", "password": "wrong"}  # Only this is looked up in the organisation's schema.
    with transaction.atomic():
        before = client.post("/account/login/", form)
        transaction.set_rollback(True)
    Domain.objects.filter(tenant=globex)._raw_delete("default")
    Domain.objects.filter(tenant=acme).update(tenant=globex)
    page = client.post("/account/login/", form)
    assert [before.status_code, page.status_code] == [503, 200]
    assert "Globex" in page.content.decode()


def test_a_name_that_cannot_exist_is_not_looked_up(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert hosts.find("a" * 254) is None


def test_made_up_hosts_are_kept_nowhere(acme):
    """Invented hosts fill neither the cache nor the database, and evict no real ones."""
    hosts.find("acme.localhost")
    before = Domain.objects.count()
    for number in range(10):
        hosts.find(f"nobody-{number}.localhost")
    assert list(hosts._memory.found) == ["acme.localhost"]
    assert Domain.objects.count() == before


def test_the_memory_is_bounded(acme, globex, monkeypatch):
    monkeypatch.setattr(hosts, "SIZE", 1)
    hosts.clear()
    for host in ("acme.localhost", "globex.localhost"):
        hosts.find(host)
    assert len(hosts._memory.found) == 1


def test_what_this_process_changes_is_seen_after_the_commit_and_not_before(new_tenant):
    tenant = new_tenant("changing")
    seen = []

    def look() -> None:
        """The result of another request of this process meanwhile."""
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
    read = hosts.read

    def slow(names: Collection[str]) -> dict[str, hosts.Place]:
        places = read(names)
        Tenant.objects.filter(pk=acme.pk).update(name="Changed")
        hosts.clear()
        return places

    monkeypatch.setattr(hosts, "read", slow)
    assert tenant_at("acme.localhost").name == "Acme"
    monkeypatch.setattr(hosts, "read", read)
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
