"""The end of an organisation: remove(), and what it would take along.

First nobody gets there any more, then what it has goes, and its row is last: killed at any point, nothing of it can be
reached, and the same again finishes it.
"""

import time
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import connection, transaction

from tenants.backend.introspection import RELATIONS
from tenants.context import as_owner, public, within
from tenants.isolation.database_roles import drop_role, drop_schema, take_rights
from tenants.models import Domain, Tenant
from tenants.organisations.suspend import change_state
from tenants.serving import hosts
from tenants.signals import removal_begins, removal_is_done
from tenants.storage import delete_folder, files_below

# Tables that are dropped in one transaction. Each takes dozens of locks, and all transactions together have
# max_locks_per_transaction times max_connections of them (docs/operations.md).
BATCH = 10

TABLES = f"""
SELECT quote_ident(relname) FROM pg_class WHERE oid IN ({RELATIONS}) AND relkind IN ('r', 'p')
ORDER BY relname LIMIT {BATCH}
"""  # noqa: S608  our own query and number
SIZES = f"""
SELECT count(*), coalesce(sum(pg_total_relation_size(oid)), 0)::bigint, to_regclass(%s) IS NOT NULL
FROM pg_class WHERE oid IN ({RELATIONS}) AND relkind IN ('r', 'p', 'm')
"""  # noqa: S608  our own query
EVERYTHING = "."  # The current organisation's own folder (tenants/storage.py).
# What a worker is doing now ends by itself, without its tables: a worker cannot end a job that is not there.
JOBS = "DELETE FROM procrastinate_jobs WHERE args ->> 'schema_name' = %s AND status <> 'doing'"


class Inventory(NamedTuple):
    """What an organisation has, with the bytes on disk of its tables and of its files."""

    members: int
    tables: int
    table_bytes: int
    files: int
    file_bytes: int


def inventory(tenant: Tenant) -> Inventory:
    """What goes if it is removed; what is lost already does not count."""
    members = get_user_model()._default_manager
    with within(tenant), as_owner(), connection.cursor() as cursor:
        cursor.execute(SIZES, [members.model._meta.db_table])
        tables, table_bytes, has_members = cursor.fetchone()
        sizes = [default_storage.size(name) for name in files_below(EVERYTHING)]
        return Inventory(members.count() if has_members else 0, tables, table_bytes, len(sizes), sum(sizes))


def remove(tenant: Tenant, *, release_address: bool = False) -> None:
    """Remove an organisation with all that it has: people, tables, files, role, jobs, its own domains, its name.

    Its addresses below ours stay taken, for links in old mails would lead to whoever has them next, and so would
    habit; with `release_address` anybody can have them, and no row is left. Raises WrongState for the template and for
    spares, and where a receiver of removal_begins does. Not in a transaction: each step is one.
    """
    removal_begins.send(sender=Tenant, tenant=tenant)
    close(tenant)
    if not settings.DATABASE_ROLES:
        # Other processes remember the host, and it has its rights still.
        time.sleep(hosts.SECONDS)
    drop_tables(tenant)
    drop_schema(tenant.schema_name)
    drop_role(tenant.schema_name)
    delete_files(tenant)
    removal_is_done.send(sender=Tenant, tenant=tenant)
    forget(tenant, release_address=release_address)


@transaction.atomic(durable=True)
def close(tenant: Tenant) -> None:
    """Let nobody in any more: no host leads there, no job is begun, and its tables are not there to its own role, which
    is for processes that remember the host for some seconds.
    """
    change_state(tenant, since=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED, *Tenant.GONE], to=Tenant.State.LEAVING)
    take_rights(tenant.schema_name)


def drop_tables(tenant: Tenant) -> None:
    """One batch after the other, each in a transaction of its own."""
    with within(tenant), as_owner(), connection.cursor() as cursor:
        while tables := next_tables(cursor):
            cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")


def next_tables(cursor: Any) -> list[str]:
    cursor.execute(TABLES)
    return [name for (name,) in cursor.fetchall()]


def delete_files(tenant: Tenant) -> None:
    with within(tenant):
        delete_folder(EVERYTHING)


@transaction.atomic
def forget(tenant: Tenant, *, release_address: bool) -> None:
    """Delete the rows about it in `public`, but for what keeps its addresses from others. Counts of attempts
    (tenants/limits/counting.py) name nobody, and end within a day.
    """
    with public():
        with connection.cursor() as cursor:
            cursor.execute(JOBS, [tenant.schema_name])
        if release_address:
            tenant.delete()
            return
        Domain.objects.filter(tenant=tenant).exclude(domain__endswith=f".{settings.BASE_DOMAIN}").delete()
        rows = Tenant.objects.filter(pk=tenant.pk)
        rows.update(state=Tenant.State.REMOVED, name="", logo="", fingerprint="", also_served_by=[])
    tenant.state = Tenant.State.REMOVED
