"""Placing an organisation on a node, and taking it back. It stays in use, and a killed run is gone on with by the next.

Each step looks for itself whether it is done, in the coordinator's catalogue: what is true of the organisation is kept
nowhere else.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from tenants.context import as_owner, public
from tenants.models import Tenant
from tenants.nodes.converting import distribute, truncate_local_copies, undistribute
from tenants.nodes.engine import Node, facts, nodes
from tenants.nodes.errors import Busy, NotPlaced
from tenants.nodes.placed import places, switched_on
from tenants.nodes.preflight import problems
from tenants.schemas.drift import differences
from tenants.schemas.migrating.schemas import only_one
from tenants.schemas.migrating.steps import is_busy

MOVE = "SELECT citus_schema_move(%s::regnamespace, %s, %s, 'auto')"
# What moves have left on nodes: where the organisation was, or where an interrupted move had begun to copy it. What is
# still locked there, by a query that began before the move, stays for the next time.
CLEAN = "CALL citus_cleanup_orphaned_resources()"
IS_CLEAN = "SELECT NOT EXISTS (SELECT FROM pg_dist_cleanup)"
CLEAN_TRIES, CLEAN_PAUSE_SECONDS = 20, 0.5
# How often tables that others use are asked for. Each time, who comes meanwhile waits for the lock's timeout at most.
LOCK_TRIES, LOCK_PAUSE_SECONDS = 20, 3.0

Teller = Callable[[str], None]


def bring(tenant: Tenant, node: Node | None, tell: Teller) -> None:
    """Place an organisation on this node, or with None take it back.

    Raises NotPlaced, also if a node is lost on the way; and Busy if `migrate` or another placing runs.
    """
    refuse(tenant, node)
    try:
        place(tenant, node, tell) if node else bring_home(tenant, tell)
    except DatabaseError as error:
        raise NotPlaced(stopped(tenant, error)) from error


def refuse(tenant: Tenant, node: Node | None) -> None:
    """Raises NotPlaced if anything is in the way."""
    if found := problems(tenant, node):
        head = _("%(slug)s cannot be placed:") % {"slug": tenant.slug or tenant.schema_name}
        raise NotPlaced("\n  ".join([head, *found]))


def stopped(tenant: Tenant, error: DatabaseError) -> str:
    """What has stopped it, where the organisation is now, and what to do."""
    lost = [name for name, answer in facts().items() if "error" in answer]
    here, words = place_of(tenant), {"slug": tenant.slug, "nodes": ", ".join(lost), "error": str(error).strip()}
    where = words | {"node": here}
    return " ".join(
        [
            _("Placing %(slug)s has stopped, since this node does not answer: %(nodes)s.") % words
            if lost
            else _("Placing %(slug)s has stopped: %(error)s.") % words,
            _("It is on the coordinator, and works.")
            if here is None
            else _("It is on %(node)s: its people get error 503 until that node is back.") % where
            if here in lost
            else _("It is on %(node)s, and works.") % where,
            _("Start it again when all nodes answer. It goes on where it stopped."),
        ]
    )


def place(tenant: Tenant, node: Node, tell: Teller) -> None:
    """Bring an organisation to this node, online."""
    with alone():
        if place_of(tenant) is None:
            tell("copying into tables that can be on a node (reading and writing wait until it is done)")
            patiently(distribute, tenant, tell)
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
            patiently(undistribute, tenant, tell)
        check(tenant)


def patiently(convert: Callable[[Tenant], None], tenant: Tenant, tell: Teller) -> None:
    """Again and again while others use its tables. Raises NotPlaced in the end."""
    for _try in range(LOCK_TRIES):
        try:
            return convert(tenant)
        except DatabaseError as error:
            if not is_busy(error):
                raise
        tell("its tables are in use; trying again")
        time.sleep(LOCK_PAUSE_SECONDS)
    raise NotPlaced(
        _("The tables of %(slug)s were in use all the time, by long transactions. Nothing was changed.")
        % {"slug": tenant.slug}
    )


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
    for _try in range(CLEAN_TRIES):
        cursor.execute(CLEAN)
        cursor.execute(IS_CLEAN)
        if cursor.fetchone()[0]:
            return
        time.sleep(CLEAN_PAUSE_SECONDS)


def place_of(tenant: Tenant) -> str | None:
    return places([tenant.schema_name]).get(tenant.schema_name)


def check(tenant: Tenant) -> None:
    """Raises NotPlaced if the schema is not like the template any more."""
    if found := list(differences([tenant])):
        raise NotPlaced(
            _("%(schema)s differs from the template: %(differences)s.")
            % {"schema": tenant.schema_name, "differences": "; ".join(map(str, found[:5]))}
        )


@contextmanager
def alone() -> Iterator[None]:
    """No `migrate` and no other placing at the same time."""
    with public(), only_one() as is_only:
        if not is_only:
            raise Busy(_("`migrate` or another `place_organisation` is running. Wait until it has finished."))
        yield
