"""What the tests on a cluster share. Without one, they are skipped in words."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, LiteralString

import pytest
from django.apps import apps
from django.db import connection

from profiles.testing import make_people
from tenants.context import within
from tenants.models import Tenant
from tests.nodes.cluster import Cluster
from tests.storages import Media, make_media

SHARDS: LiteralString = """
SELECT shardid, groupid FROM pg_dist_shard JOIN pg_dist_placement USING (shardid) WHERE logicalrelid = %s::regclass
"""
HAS_CLUSTER = "NODES_PORTS" in os.environ
# They import modules of apps that may be out.
collect_ignore_glob = [] if apps.is_installed("tenants.nodes") else ["test_*.py"]
collect_ignore = [] if apps.is_installed("profiles.operators") else ["test_console.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and not HAS_CLUSTER:
            item.add_marker(pytest.mark.skip(reason="no cluster: `make test-nodes` starts one from CITUS_HOME"))


@pytest.fixture
def hooli(new_tenant: Callable[[str], Tenant]) -> Iterator[Tenant]:
    """An organisation of the test's own, with people in it."""
    tenant = new_tenant("hooli")
    with within(tenant):
        make_people("hooli")
    yield tenant
    connection.close()


@pytest.fixture
def placed(committed: None) -> Tenant:
    """The organisation of the world that is on n1, to be read only."""
    return Tenant.objects.get(slug=os.environ["NODES_PLACED"])


@pytest.fixture
def local(committed: None) -> Tenant:
    """The one that is not."""
    return Tenant.objects.filter(slug__in=["acme", "globex"]).exclude(slug=os.environ["NODES_PLACED"]).get()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Media:
    """Where files are."""
    return make_media("disk", settings, tmp_path)


def node_of(tenant: Tenant) -> str | None:
    from tenants.nodes.placed import places

    return places([tenant.schema_name]).get(tenant.schema_name)


def rows_on(cluster: Cluster, number: int, tenant: Tenant, table: str = "profiles_user") -> int:
    """How many rows of a table lie in the files of a node, asked there as a superuser."""
    shards = cluster.coordinator.query(SHARDS, [f"{tenant.schema_name}.{table}"], connection.settings_dict["NAME"])
    [(shard, group)] = shards
    if group != number:
        return 0
    query = f'SELECT count(*) FROM {tenant.schema_name}."{table}_{shard}"'  # noqa: S608  names of ours
    return int(cluster.nodes[number].query(query, None, connection.settings_dict["NAME"])[0][0])
