"""What the tests of tenancy share."""

import pytest

from tenants.models import Tenant


@pytest.fixture
def acme_and_globex(committed: None) -> list[Tenant]:
    """The two organisations of the world, to be read only, by tests with connections of their own."""
    return list(Tenant.objects.filter(slug__in=["acme", "globex"]).order_by("slug"))
