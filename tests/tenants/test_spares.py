"""Tenants made ahead: each is handed out once, whole and at the state of the code."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from profiles.models import User
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tenants.spares import claim_spare, make_spare, top_up


@pytest.fixture
def no_spares(db) -> None:
    Tenant.objects.filter(state=Tenant.State.SPARE).delete()


def test_a_spare_is_whole_and_empty(no_spares):
    spare = make_spare()
    assert (spare.state, spare.slug, spare.is_complete) == (Tenant.State.SPARE, None, True)
    with within(spare):
        assert not User.objects.exists()


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


def test_a_stale_spare_is_not_handed_out_nor_counted(no_spares, settings):
    settings.SPARE_TENANTS = 1
    stale = make_spare()
    Tenant.objects.filter(pk=stale.pk).update(fingerprint="older")
    assert claim_spare() != stale
    assert top_up() == 0
    assert Tenant.objects.behind(Tenant.objects.template()).get() == stale


def test_the_oldest_goes_first(no_spares):
    first, _ = make_spare(), make_spare()
    assert claim_spare() == first


def test_with_none_left_one_is_made_on_the_spot(no_spares):
    with within(Tenant.objects.get(slug="acme")):
        spare = claim_spare()
    assert spare.is_complete


def test_eight_who_claim_at_once_get_eight(committed):
    """Two spares for eight: six are made on the spot. Nobody waits for another's transaction to end."""
    for _ in range(2):
        make_spare()
    everybody_has_one = Barrier(8)

    def claim(_: int) -> int:
        try:
            with public(), transaction.atomic():
                tenant = claim_spare()
                tenant.state, tenant.slug = Tenant.State.ACTIVE, tenant.schema_name
                tenant.save()
                everybody_has_one.wait(timeout=20)
            return tenant.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(claim, range(8)))
    assert len(set(claimed)) == 8


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
