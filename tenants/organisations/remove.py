"""Removing an organisation: remove(), and inventory(), which counts what would be removed.

The organisation is first taken out of service; then its data is deleted, and its row last. If the process is killed at
any point, the organisation is already unreachable, and calling remove() again finishes the work.
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
from tenants.schemas.changes import schema_changes
from tenants.schemas.sizes import bytes_elsewhere
from tenants.serving import hosts
from tenants.signals import removal_begins, removal_is_done
from tenants.storage import delete_folder, files_below

# Tables dropped per transaction. Each takes dozens of locks, and all transactions together have
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
# A job that a worker is running now stays, and fails for want of its tables: a worker cannot finish a deleted job.
JOBS = "DELETE FROM procrastinate_jobs WHERE args ->> 'schema_name' = %s AND status <> 'doing'"


class Inventory(NamedTuple):
    """How many members, tables and files an organisation has, and how many bytes its tables and files take on disk."""

    members: int
    tables: int
    table_bytes: int
    files: int
    file_bytes: int


def inventory(tenant: Tenant) -> Inventory:
    """What remove() would delete now."""
    members = get_user_model()._default_manager
    with within(tenant), as_owner(), connection.cursor() as cursor:
        cursor.execute(SIZES, [members.model._meta.db_table])
        tables, table_bytes, has_members = cursor.fetchone()
        table_bytes += sum(bytes_elsewhere([tenant.schema_name]).values())
        sizes = [default_storage.size(name) for name in files_below(EVERYTHING)]
        return Inventory(members.count() if has_members else 0, tables, table_bytes, len(sizes), sum(sizes))


def remove(tenant: Tenant, *, release_address: bool = False) -> None:
    """Remove an organisation with all its data: people, tables, files, role, jobs, its own domains, its name.

    Its addresses below ours stay taken: otherwise links in old mails would lead to their next owner. With
    `release_address` they become available, and no row is left. Raises WrongState for the template and for spares, and
    if a receiver of removal_begins does. Do not call it in a transaction: each step is a transaction of its own.
    """
    removal_begins.send(sender=Tenant, tenant=tenant)
    close(tenant)
    if not settings.DATABASE_ROLES:
        # Without roles, processes that still remember the host could read the tables: wait until they forget it.
        time.sleep(hosts.SECONDS)
    drop_tables(tenant)
    with within(tenant), schema_changes():
        drop_schema(tenant.schema_name)
        drop_role(tenant.schema_name)
    delete_files(tenant)
    removal_is_done.send(sender=Tenant, tenant=tenant)
    forget(tenant, release_address=release_address)


@transaction.atomic(durable=True)
def close(tenant: Tenant) -> None:
    """Take the organisation out of service: no host leads to it, and no job of it starts. Its own role loses access to
    its tables, since other processes remember the host for some seconds.
    """
    change_state(tenant, since=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED, *Tenant.GONE], to=Tenant.State.LEAVING)
    take_rights(tenant.schema_name)


def drop_tables(tenant: Tenant) -> None:
    """Drop the tables in batches, each in a transaction of its own."""
    with within(tenant), as_owner(), schema_changes(), connection.cursor() as cursor:
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
    """Delete the organisation's rows in `public`, except those that keep its addresses taken. Counts of attempts
    (tenants/limits/counting.py) contain no names, and expire within a day.
    """
    with public():
        with connection.cursor() as cursor:
            cursor.execute(JOBS, [tenant.schema_name])
        if release_address:
            tenant.delete()
            return
        Domain.objects.filter(tenant=tenant).exclude(domain__endswith=f".{settings.BASE_DOMAIN}").delete()
        rows = Tenant.objects.filter(pk=tenant.pk)
        unknown = {"name": "", "logo": "", "logo_dark": "", "suspension": "", "fingerprint": "", "also_served_by": []}
        rows.update(state=Tenant.State.REMOVED, is_operators=False, **unknown)
    tenant.state = Tenant.State.REMOVED
