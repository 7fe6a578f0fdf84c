"""Fifty organisations on a node that takes twenty connections: a process that serves all does not wait for itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections

from profiles.models import User
from tenants.context import within
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.nodes import connections as bound
from tenants.nodes.converting import distribute
from tests.nodes.cluster import Cluster
from tests.nodes.conftest import node_of

ORGANISATIONS, POOL = 50, 20


@pytest.fixture
def crowd(new_tenant: Callable[[str], Tenant], cluster: Cluster) -> Iterator[list[Tenant]]:
    """All on n1, the only node that takes any while they are placed."""
    name = connection.settings_dict["NAME"]
    others = [cluster.coordinator, cluster.workers[1]]
    takes = "SELECT citus_set_node_property('127.0.0.1', %s, 'shouldhaveshards', %s)"
    with cluster.coordinator.connect(name) as session:
        for node in others:
            session.execute(takes, [node.port, False])
        tenants = [new_tenant(f"crowd{number}") for number in range(ORGANISATIONS)]
        for tenant in tenants:
            distribute(tenant)
        for node in others:
            session.execute(takes, [node.port, True])
        session.execute(f"ALTER SYSTEM SET citus.max_shared_pool_size = {POOL}")
        session.execute("SELECT pg_reload_conf()")
        yield tenants
        session.execute("ALTER SYSTEM RESET citus.max_shared_pool_size")
        session.execute("SELECT pg_reload_conf()")


def visit(tenants: list[Tenant]) -> int:
    """With one connection, and no longer than a request may take."""
    try:
        with limited("request"):
            for tenant in tenants:
                with within(tenant):
                    assert User.objects.count() == 1
    finally:
        connections.close_all()
    return len(tenants)


def held(cluster: Cluster) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename LIKE %s"
    return int(cluster.workers[0].query(query, [connection.settings_dict["NAME"], r"t\_%"])[0][0])


def test_many_organisations_are_served_by_few_connections(crowd, cluster, settings):
    assert {node_of(tenant) for tenant in crowd} == {"n1"}
    connection.close()
    bound.placed.until = 0
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(visit, [crowd, crowd[::-1], crowd[::3], crowd[::7]])) > 2 * ORGANISATIONS
    for tenant in crowd:
        with within(tenant):
            assert User.objects.exists()
    assert 1 <= held(cluster) <= settings.KEPT_FOR_NODES
    connection.close()
    # The same without the bound: it waits for the connections that it has itself.
    settings.KEPT_FOR_NODES = ORGANISATIONS
    with pytest.raises(OperationalError):
        visit(crowd)
