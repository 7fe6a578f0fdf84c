"""Placing an organisation on a node, and taking it back. It stays in use, and a killed run is gone on with by the next.

Each step looks for itself whether it is done, in the coordinator's catalogue: what is true of the organisation is kept
nowhere else.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tenants.context import as_owner, public
from tenants.errors import WrongState
from tenants.models import Tenant
from tenants.nodes.converting import distribute, truncate_local_copies, undistribute
from tenants.nodes.engine import Node, nodes
from tenants.nodes.placed import places, switched_on
from tenants.schemas.drift import differences
from tenants.schemas.migrating.schemas import only_one

MOVE = "SELECT citus_schema_move(%s::regnamespace, %s, %s, 'auto')"
# What moves have left on nodes: where the organisation was, or where an interrupted move had begun to copy it. What is
# still locked there, by a query that began before the move, stays for the next time.
CLEAN = "CALL citus_cleanup_orphaned_resources()"
IS_CLEAN = "SELECT NOT EXISTS (SELECT FROM pg_dist_cleanup)"
CLEAN_TRIES, CLEAN_PAUSE_SECONDS = 20, 0.5

Teller = Callable[[str], None]


def place(tenant: Tenant, node: Node, tell: Teller) -> None:
    """Bring an organisation to this node, online. Raises WrongState if another `migrate` or placing runs."""
    with alone():
        if place_of(tenant) is None:
            tell("copying into tables that can be on a node (reading and writing wait until it is done)")
            distribute(tenant)
        if count := truncate_local_copies(tenant):
            tell(f"{count} local copies truncated")
        move(tenant, node, tell)
        check(tenant)


def bring_home(tenant: Tenant, tell: Teller) -> None:
    """Make it an ordinary schema of the coordinator again."""
    with alone():
        if place_of(tenant) is not None:
            move(tenant, nodes()[0], tell)
            tell("copying into ordinary tables (reading and writing wait until it is done)")
            undistribute(tenant)
        check(tenant)


def move(tenant: Tenant, node: Node, tell: Teller) -> None:
    """By logical replication: writing waits for about a second, in the end. Not in a transaction."""
    here = place_of(tenant)
    if here != node.name:
        with as_owner(), public(), switched_on(), connection.cursor() as cursor:
            clean(cursor)
            tell(f"moving from {here} to {node.name}")
            cursor.execute(MOVE, [tenant.schema_name, node.host, node.port])
            clean(cursor)


def clean(cursor: Any) -> None:
    """Drop what moves have left. Citus does that by itself, too, but the same tables cannot be moved there before."""
    for _ in range(CLEAN_TRIES):
        cursor.execute(CLEAN)
        cursor.execute(IS_CLEAN)
        if cursor.fetchone()[0]:
            return
        time.sleep(CLEAN_PAUSE_SECONDS)


def place_of(tenant: Tenant) -> str | None:
    return places([tenant.schema_name]).get(tenant.schema_name)


def check(tenant: Tenant) -> None:
    """Raises WrongState if the schema is not like the template any more."""
    if found := list(differences([tenant])):
        raise WrongState(f"{tenant.schema_name} differs from the template: {'; '.join(map(str, found[:5]))}.")


@contextmanager
def alone() -> Iterator[None]:
    """No `migrate` and no other placing at the same time."""
    with public(), only_one() as is_only:
        if not is_only:
            raise WrongState("`migrate` or another `place_organisation` is running. Wait until it has finished.")
        yield
