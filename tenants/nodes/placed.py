"""Which organisations are placed on a node, by the coordinator's own catalogue: it cannot be out of date."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.db import connection

from tenants.context import as_owner, current, public
from tenants.models import Tenant
from tenants.nodes.connections import IS_THERE
from tenants.schemas.drift import Difference

# All tables of a placed schema are on one node. https://docs.citusdata.com/en/stable/develop/api_metadata.html
PLACES = """
SELECT nspname, 'n' || min(groupid) FROM pg_dist_schema
JOIN pg_namespace space ON space.oid = schemaid JOIN pg_dist_partition USING (colocationid)
JOIN pg_dist_shard USING (logicalrelid) JOIN pg_dist_placement USING (shardid)
WHERE {condition} GROUP BY 1
"""
ALL = PLACES.format(condition="true")
SOME = PLACES.format(condition="nspname = ANY(%s)")
IS_PLACED = "SELECT FROM pg_dist_schema JOIN pg_namespace space ON space.oid = schemaid WHERE nspname = %s"
# nodes.sql switches the first off for the database. The second allows triggers, which read and write the tables of
# their own organisation alone, and these are on the same node.
SWITCHES = ("citus.enable_ddl_propagation", "citus.enable_unsafe_triggers")
SET = "SELECT " + ", ".join(f"set_config('{name}', %s, %s)" for name in SWITCHES)


def places(schemas: Sequence[str] | None = None) -> dict[str, str]:
    """The node's name by schema, of those that are placed; of these schemas, or of all."""
    if not settings.CITUS:
        return {}
    with public(), connection.cursor() as cursor:
        if not is_there(cursor):
            return {}
        cursor.execute(*((ALL,) if schemas is None else (SOME, [list(schemas)])))
        return dict(cursor.fetchall())


def is_cluster() -> bool:
    """Can organisations be placed at all?"""
    if not settings.CITUS:
        return False
    with public(), connection.cursor() as cursor:
        return is_there(cursor)


def is_there(cursor: Any) -> bool:
    """Does this database have the extension? `manage.py nodes` says what to do if not."""
    cursor.execute(IS_THERE)
    return bool(cursor.fetchone()[0])


def is_placed(tenant: Tenant) -> bool:
    """Is its schema on a node, or on the way to one?"""
    if not settings.CITUS:
        return False
    with public(), connection.cursor() as cursor:
        if not is_there(cursor):
            return False
        cursor.execute(IS_PLACED, [tenant.schema_name])
        return bool(cursor.rowcount)


@contextmanager
def propagating() -> Iterator[None]:
    """Around changes of the current schema's tables: a placed organisation's are changed on its node too."""
    tenant = current()
    with switched_on() if tenant and is_placed(tenant) else nullcontext():
        yield


@contextmanager
def switched_on() -> Iterator[None]:
    """What is changed by this connection is changed on nodes too."""
    is_local = connection.in_atomic_block  # Then a rollback switches it off.
    switch("on", is_local)
    try:
        yield
    except BaseException:
        if not is_local:
            switch("off", is_local)
        raise
    switch("off", is_local)


def switch(value: str, is_local: bool) -> None:
    arguments: list[Any] = [value, is_local] * len(SWITCHES)
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute(SET, arguments)


def is_of_a_node(difference: Difference) -> bool:
    """The role of a placed organisation may log in, which the template's may not."""
    if difference.kind != "role" or difference.here is None or difference.template is None:
        return False
    inherits, sets, logs_in, rest = difference.here.split()
    return logs_in == "t" and f"{inherits} {sets} f {rest}" == difference.template and is_placed(difference.tenant)
