"""What the tests of tenancy share."""

from collections.abc import Iterator

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.pictures.keeping import keep_pictures
from profiles.pictures.logos import keep_logo
from profiles.testing import person
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tests.storages import Media, make_media
from tests.tenants import jobs
from tests.tenants.crowd import Crowd
from tests.tenants.databases import copied_database
from tests.tenants.migrating import later_code


@pytest.fixture
def acme_and_globex(committed: None) -> list[Tenant]:
    """The two organisations of the world, to be read only, by tests with connections of their own."""
    return list(Tenant.objects.filter(slug__in=["acme", "globex"]).order_by("slug"))


@pytest.fixture
def media(request, settings, tmp_path) -> Media:
    """Where files lie: on a disk, or as the test says."""
    return make_media(getattr(request, "param", "disk"), settings, tmp_path)


@pytest.fixture
def furnished(acme, globex) -> tuple[Tenant, Tenant]:
    """Both have all that an organisation can have, the same in each: pictures, jobs, a domain of its own."""
    for tenant in (acme, globex):
        Domain.objects.create(tenant=tenant, domain=f"{tenant.slug}.example", is_primary=False)
        with within(tenant):
            keep_pictures(profile=person(tenant, "owner").profile, pictures={64: b"small", 512: b"large"})
            keep_logo(b"logo")
            jobs.greet.defer(pk=1)
            failed = jobs.greet.defer(pk=2)
        with public():
            ProcrastinateJob.objects.filter(pk=failed).update(status="failed")
    return acme, globex


@pytest.fixture
def crowd(request):
    crowd = Crowd(**getattr(request, "param", {"places": 3, "most": 2, "longest": 3}))
    yield crowd
    crowd.disperses()
    assert crowd.lengths() == 0, "Turns that have ended must not be counted."


@pytest.fixture
def clock():
    """Its one number is what time it is, until the crowd leaves: by then all have rested."""
    clock = [100.0]
    with pytest.MonkeyPatch.context() as patch:
        for module in ("turn", "turns"):
            patch.setattr(f"tenants.serving.{module}.monotonic", lambda: clock[0])
        yield clock


@pytest.fixture
def strange(settings, db) -> Client:
    """A browser on the hosts of a site with strange views; it gets the page of an error, as people do."""
    settings.ROOT_URLCONF = "tests.tenants.strange_urls"
    return Client(raise_request_exception=False, headers={"host": "acme.localhost"})


@pytest.fixture
def tomorrow(db: None) -> Iterator[None]:
    """The code is a later version's, whose migrations have not run yet."""
    with later_code("tests.tomorrow"):
        yield


@pytest.fixture
def own_database(committed: None) -> Iterator[str]:
    """The name of a copy of the world that a test may leave in any state; all connections lead there."""
    with copied_database() as name:
        yield name
