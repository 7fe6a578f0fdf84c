"""Raw SQL on the workers: a placed organisation's role reaches nothing of another one there either."""

# ruff: noqa: S608  our own names
import psycopg
import pytest
from django.db import connection

from tests.nodes.cluster import LOGIN
from tests.nodes.conftest import rows_on
from tests.nodes.test_placing import place


def test_a_role_reads_its_own_tables_alone_on_each_node(hooli, placed, cluster):
    place(hooli, "--node", "n1")
    name = connection.settings_dict["NAME"]
    assert rows_on(cluster, 1, placed) > 0
    for worker in cluster.workers:
        with worker.connect(name, hooli.schema_name) as session:
            assert session.execute(f"SELECT count(*) FROM {hooli.schema_name}.profiles_user").fetchall() == [(5,)]
            for statement in reaching(cluster, placed):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(statement)


def reaching(cluster, other) -> list[str]:
    """Statements that would read or write another organisation's rows, or leave something behind."""
    [(shard,)] = cluster.coordinator.query(
        "SELECT shardid FROM pg_dist_shard WHERE logicalrelid = %s::regclass",
        [f"{other.schema_name}.profiles_user"],
        connection.settings_dict["NAME"],
    )
    return [
        f"SELECT * FROM {other.schema_name}.profiles_user",
        f"SELECT * FROM {other.schema_name}.profiles_user_{shard}",
        f"DELETE FROM {other.schema_name}.profiles_user_{shard}",
        f"SET ROLE {other.schema_name}",
        f"SET ROLE {LOGIN}_owner",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE ROLE another",
    ]


def test_nor_by_the_functions_of_the_cluster(hooli, placed, cluster):
    place(hooli, "--node", "n1")
    query = f"SELECT count(*) FROM {placed.schema_name}.profiles_user"
    name = connection.settings_dict["NAME"]
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        cluster.coordinator.connect(name, hooli.schema_name)
    with cluster.coordinator.connect(name, LOGIN) as session:
        session.execute(f"SET ROLE {hooli.schema_name}")
        for function in ("run_command_on_workers", "run_command_on_all_nodes"):
            found = session.execute(f"SELECT success, result FROM {function}(%s)", [query]).fetchall()
            assert found
            # The coordinator refuses the login that the workers accept from it.
            assert all(result.startswith(("ERROR:  permission denied", "failed to connect")) for _, result in found)
            assert not any(success for success, _ in found)
