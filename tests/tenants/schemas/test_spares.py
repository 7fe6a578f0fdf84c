"""Spares: each is claimed once, complete and at the state of the code."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from profiles.models import User
from profiles.testing import queued_jobs
from tenants.context import public, within
from tenants.errors import AddressTaken, NoSpare
from tenants.models import Domain, Tenant, TenantQuerySet
from tenants.schemas.spares import MOST, claim_spare, make_spare, top_up, wait_for_spare, wanted


@pytest.fixture
def no_spares(db) -> None:
    """An empty stock, after a week without sign-ups."""
    Tenant.objects.filter(state=Tenant.State.SPARE).delete()
    Tenant.objects.update(activated=timezone.now() - timedelta(days=8))


def claim(slug: str = "works") -> Tenant:
    return claim_spare(name=slug.title(), slug=slug, domain=f"{slug}.localhost")


def test_a_spare_is_whole_and_empty(no_spares):
    spare = make_spare()
    assert (spare.state, spare.slug, spare.is_complete) == (Tenant.State.SPARE, None, True)
    with within(spare):
        assert not User.objects.exists()


def test_a_spare_can_be_claimed_once_its_role_is_committed(committed, monkeypatch):
    """Other connections learn of a role a moment after the commit that shows them its rows."""
    seen = []
    save = TenantQuerySet.bulk_create

    def look_and_save(tenants: TenantQuerySet, made: list[Tenant]) -> None:
        save(tenants, made)
        transaction.on_commit(lambda: seen.append(Tenant.objects.spare().filter(pk=made[0].pk).exists()))

    monkeypatch.setattr(TenantQuerySet, "bulk_create", look_and_save)
    spare = make_spare()
    assert seen == [False]
    assert Tenant.objects.spare().filter(pk=spare.pk).exists()


def test_one_that_was_never_offered_is_offered_by_migrate(no_spares, monkeypatch):
    monkeypatch.setattr("tenants.schemas.spares.OFFER", "SELECT 1")  # As if it had been killed there.
    spare = make_spare()
    with pytest.raises(NoSpare), transaction.atomic():
        claim()
    call_command("migrate", verbosity=0)
    assert claim() == spare


def test_top_up_makes_what_is_missing(no_spares, settings):
    settings.SPARE_TENANTS = 2
    make_spare()
    assert top_up() == 1
    assert top_up() == 0
    assert Tenant.objects.spare().count() == 2


def test_more_than_enough_is_enough(no_spares, settings):
    make_spare()
    settings.SPARE_TENANTS = 0
    assert top_up() == 0


def activate(number: int, when: datetime) -> None:
    """Organisations that were claimed then."""
    names = [f"club-{when:%m%d%H%M}-{number}" for number in range(number)]
    Tenant.objects.bulk_create(
        Tenant(slug=name, slug_skeleton=name, state=Tenant.State.ACTIVE, activated=when) for name in names
    )


def test_a_burst_raises_what_is_kept_in_stock_for_a_week(no_spares, settings):
    settings.SPARE_TENANTS = 5
    burst = timezone.now().replace(second=30) - timedelta(days=6)
    activate(7, burst)
    activate(4, burst + timedelta(minutes=1))
    assert wanted() == 7
    Tenant.objects.filter(activated=burst).update(activated=burst - timedelta(days=2))
    assert wanted() == 5


def test_a_flood_does_not_fill_the_database_with_spares(no_spares):
    activate(MOST + 1, timezone.now())
    assert wanted() == MOST


def test_a_stale_spare_is_not_handed_out_nor_counted(no_spares, settings):
    settings.SPARE_TENANTS = 1
    stale = make_spare()
    Tenant.objects.filter(pk=stale.pk).update(fingerprint="older")
    with pytest.raises(NoSpare):
        claim()
    assert top_up() == 1
    assert claim() != stale
    assert Tenant.objects.behind(Tenant.objects.template()).get() == stale


def test_the_oldest_goes_first(no_spares):
    first, _ = make_spare(), make_spare()
    assert claim() == first


def test_a_claimed_spare_is_as_it_is_read_back(no_spares):
    make_spare()
    with within(Tenant.objects.get(slug="acme")):
        claimed = claim("works-1o1")
    found = Tenant.objects.get(slug="works-1o1")
    assert (found.name, found.slug_skeleton, found.state) == ("Works-1O1", "workslol", "active")
    fields = [field.attname for field in Tenant._meta.concrete_fields]
    assert [getattr(claimed, name) for name in fields] == [getattr(found, name) for name in fields]
    assert claimed.domain == found.domain == "works-1o1.localhost"


def test_none_is_made_on_the_spot(no_spares):
    """Waiting inside a transaction is useless: the worker does not see the job before the commit."""
    with pytest.raises(NoSpare):
        claim()
    with pytest.raises(NoSpare):
        wait_for_spare(time.monotonic() + 60)
    assert not Tenant.objects.spare().exists()


def test_a_sign_up_waits_no_longer_than_the_deadline(committed):
    with pytest.raises(NoSpare):
        wait_for_spare(time.monotonic() + 0.1)
    assert [job.task_name for job in queued_jobs()] == ["tenants.top_up_spares"]


def test_a_waiting_sign_up_goes_on_as_soon_as_there_is_a_spare(committed):
    make_spare()
    wait_for_spare(time.monotonic() + 60)


@pytest.mark.slow
def test_eight_who_claim_at_once_get_eight(committed):
    """No claim waits for another's transaction to end."""
    for _ in range(8):
        make_spare()
    everybody_has_one = Barrier(8)

    def take(number: int) -> int:
        try:
            with public(), transaction.atomic():
                tenant = claim(f"club-number-{number}")
                everybody_has_one.wait(timeout=20)
            return tenant.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(take, range(8)))
    assert len(set(claimed)) == 8


def test_an_address_is_claimed_once(no_spares, acme):
    spare = make_spare()
    for slug in ("acme", "acrne"):
        with pytest.raises(AddressTaken), transaction.atomic():
            claim(slug)
    assert claim() == spare


@pytest.mark.parametrize("name", ["public", "acme", "T_ABCDEFGHIJKL", "t_short", "t_abcdefghijkl; DROP", "pg_x"])
def test_a_schemas_name_is_ours_alone(db, name):
    with pytest.raises(IntegrityError, match="tenant_schema_name_ours"), transaction.atomic():
        Tenant.objects.create(schema_name=name)


def test_a_schema_keeps_its_name(acme):
    acme.schema_name = "t_abcdefghijklmnop"
    with pytest.raises(ValueError, match="for ever"):
        acme.save()


def test_a_tenants_schema_is_not_made_by_django_tenants(acme):
    with pytest.raises(NotImplementedError, match="make_spare"):
        acme.create_schema()


def test_a_tenant_is_not_saved_from_inside_another(acme, globex):
    with within(globex), pytest.raises(ProgrammingError), transaction.atomic():
        acme.save()


def test_there_is_one_template(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.create(state=Tenant.State.TEMPLATE)


def test_a_claimed_tenant_has_a_slug_and_no_other_has(acme):
    for state, slug in (
        (Tenant.State.ACTIVE, None),
        (Tenant.State.SPARE, "spare"),
        (Tenant.State.SUSPENDED, None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Tenant.objects.filter(pk=acme.pk).update(state=state, slug=slug)


def test_one_domain_is_primary(acme):
    Domain.objects.create(tenant=acme, domain="www.acme.example", is_primary=True)
    assert [*Domain.objects.filter(tenant=acme, is_primary=True).values_list("domain", flat=True)] == [
        "www.acme.example"
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.filter(tenant=acme).update(is_primary=True)


def test_the_canonical_address(acme, settings):
    settings.BASE_URL = "https://example.com:8443"
    assert acme.url("/people/?page=2") == "https://acme.localhost:8443/people/?page=2"


def test_without_a_primary_domain_the_oldest_counts(acme):
    Domain.objects.create(tenant=acme, domain="second.example", is_primary=False)
    Domain.objects.filter(tenant=acme).update(is_primary=False)
    assert Tenant.objects.get(pk=acme.pk).domain == "acme.localhost"


def test_a_spare_has_no_address(no_spares):
    with pytest.raises(Domain.DoesNotExist):
        make_spare().url()
