"""What the tests of tenancy share."""

import pytest
from django.test import Client

from tenants.models import Tenant


@pytest.fixture
def acme_and_globex(committed: None) -> list[Tenant]:
    """The two organisations of the world, to be read only, by tests with connections of their own."""
    return list(Tenant.objects.filter(slug__in=["acme", "globex"]).order_by("slug"))


@pytest.fixture
def strange(settings, db) -> Client:
    """A browser on the hosts of a site with strange views; it gets the page of an error, as people do."""
    settings.ROOT_URLCONF = "tests.tenants.strange_urls"
    return Client(raise_request_exception=False, headers={"host": "acme.localhost"})
