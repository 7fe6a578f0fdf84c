"""The pytest plugin of `make test-nodes`: the world on a cluster, with one of its organisations placed on a node."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tenants.models import Tenant
from tenants.nodes.engine import node_named
from tenants.nodes.placing import place
from tests.nodes.cluster import Cluster
from tests.nodes.not_here import NOT_HERE

PLACED = "NODES_PLACED"
COPIES = "the database of a cluster cannot be copied"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = item.nodeid.partition("[")[0]
        reason = NOT_HERE.get(name) or NOT_HERE.get(name.partition("::")[0])
        if "own_database" in getattr(item, "fixturenames", ()):
            reason = COPIES
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The one that `python -m tests.nodes` has started."""
    return Cluster.of_environment(os.environ)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, cluster: Cluster) -> Iterator[None]:
    """Make the nodes' databases one, and place an organisation."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connection.close()
        cluster.spread(name)
        place(Tenant.objects.get(slug=os.environ.get(PLACED, "globex")), node_named("n1"), print)
        connection.close()
    yield
    with django_db_blocker.unblock():
        connection.close()
        cluster.drop_database(name)
        cluster.coordinator.make_database(name)  # Empty, for Django to drop.
