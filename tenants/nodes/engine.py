"""The cluster's nodes, and what each of them answers. Asked as the owner of all schemas, which logs in on each."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from tenants.context import as_owner, public
from tenants.nodes.errors import NoCluster

IS_THERE = "SELECT extversion FROM pg_extension WHERE extname = 'citus'"
NODES = """
SELECT 'n' || groupid, nodename, nodeport, groupid = 0, isactive AND shouldhaveshards
FROM pg_dist_node WHERE noderole = 'primary' ORDER BY groupid
"""
# A node that does not answer has `success` false, and the reason as its result.
ASK = "SELECT 'n' || groupid, success, result FROM run_command_on_all_nodes(%s) JOIN pg_dist_node USING (nodeid)"
FACTS = """
SELECT json_build_object(
    'version', current_setting('server_version'),
    'citus', (SELECT extversion FROM pg_extension WHERE extname = 'citus'),
    'bytes', pg_database_size(datname), 'connections', numbackends, 'transactions', xact_commit + xact_rollback,
    'wal_level', current_setting('wal_level'), 'at', extract(epoch FROM clock_timestamp()))
FROM pg_stat_database WHERE datname = current_database()
"""


@dataclass(frozen=True)
class Node:
    """One PostgreSQL of the cluster. Its name, "n0" for the coordinator, is made of Citus' number of it."""

    name: str
    host: str
    port: int
    is_coordinator: bool
    takes_organisations: bool

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


def require_cluster() -> None:
    """Raises NoCluster, with what to do."""
    if not settings.CITUS:
        raise NoCluster(_("CITUS is off: all organisations are on one server. docs/nodes.md has how to use several."))
    if not settings.DATABASE_ROLES:
        raise NoCluster(_("CITUS needs DATABASE_ROLES: each organisation's statements reach a node as its own role."))
    if not read(IS_THERE):
        command = f"psql --dbname {connection.settings_dict['NAME']} --file tenants/nodes/nodes.sql"
        raise NoCluster(
            _(
                "CITUS is on, but this database does not have the extension. As a superuser, on each node: "
                "%(command)s (docs/nodes.md)."
            )
            % {"command": command}
        )


def nodes() -> list[Node]:
    """All nodes, the coordinator first."""
    return [Node(*row) for row in read(NODES)]


def node_named(name: str) -> Node:
    """The node of this name or address. Raises NoCluster with the names that there are."""
    known = nodes()
    for node in known:
        if name in (node.name, node.address):
            return node
    names = ", ".join(f"{node.name} ({node.address})" for node in known)
    raise NoCluster(_("There is no node “%(name)s”. There are %(nodes)s.") % {"name": name, "nodes": names})


def facts() -> dict[str, dict[str, Any]]:
    """What each node says of itself, by name; {"error": …} of one that does not answer."""
    return {
        name: json.loads(result) if succeeded else {"error": result.strip()}
        for name, succeeded, result in rows(ASK, [" ".join(FACTS.split())])
    }


def rows(query: str, values: Any = None) -> list[tuple[Any, ...]]:
    """As the owner of all schemas, which a web process cannot be."""
    with as_owner():
        return read(query, values)


def read(query: str, values: Any = None) -> list[tuple[Any, ...]]:
    """What every login may read."""
    with public(), connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
