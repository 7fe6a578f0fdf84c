"""Making a schema one that can be on a node, and an ordinary one again. Each in one transaction, with its rows counted
before and after: nothing can write in between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from tenants.backend.introspection import RELATIONS
from tenants.context import as_owner, within
from tenants.isolation.database_roles import run
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.nodes.engine import rows
from tenants.nodes.errors import Unequal
from tenants.nodes.placed import is_placed, switch, switched_on
from tenants.schemas import catalogue, definitions
from tenants.schemas.drift import differences
from tenants.schemas.script import column

TABLES = f"SELECT relname FROM pg_class WHERE oid IN ({RELATIONS}) AND relkind IN ('r', 'p') ORDER BY 1"  # noqa: S608  our own
SEQUENCES = """
SELECT relname, pg_sequence_last_value(oid) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' ORDER BY 1
"""
# Citus copies rows with the triggers of the copy on: they would run for rows that are written already, and before the
# tables that they read are there.
TRIGGERS = """
SELECT format('DROP TRIGGER %I ON %I', tgname, relname), pg_get_triggerdef(t.oid, true),
    format('ALTER TABLE %I %s TRIGGER %I', relname, CASE tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE'
        WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, tgname)
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT tgisinternal
"""
FUNCTIONS = """
SELECT create_distributed_function(p.oid::regprocedure) FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
"""
# Citus cannot make a table with an identity column an ordinary one. Only the coordinator knows that it is one: the
# tables on nodes get their numbers from there. So it is taken away there alone, and given back in the end.
IDENTITIES = """
SELECT format('ALTER TABLE %1$I ALTER COLUMN %2$I DROP IDENTITY', c.relname, attname),
    format('ALTER TABLE %1$I ALTER COLUMN %2$I ADD GENERATED %3$s AS IDENTITY (SEQUENCE NAME %4$I)', c.relname, attname,
        CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, s.relname),
    format('SELECT setval(%L, ', quote_ident(s.relname)) || pg_sequence_last_value(s.oid) || ')'
FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_class s ON s.oid = pg_get_serial_sequence(
    format('%I', c.relname), attname)::regclass
WHERE c.relnamespace = current_schema()::regnamespace AND attidentity <> '' AND c.relkind = 'r'
"""
# PostgreSQL 18 gives a constraint to each column that is NOT NULL, and Citus names those of the new table anew.
NOT_NULL = """
SELECT c.relname, a.attname, conname FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
JOIN pg_attribute a ON attrelid = conrelid AND attnum = conkey[1]
WHERE c.relnamespace = current_schema()::regnamespace AND contype = 'n'
"""
# Statements for what the new tables would lack: rights other than the default ones, comments.
LACKING = (definitions.RIGHTS, catalogue.COMMENTS)
# Rows that Citus has copied stay in the table's own files, which no query reads any more.
LOCAL_COPIES = f"""
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_dist_partition ON logicalrelid = c.oid
WHERE c.oid IN ({RELATIONS}) AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
"""  # noqa: S608  our own query
DISTRIBUTE = "SELECT citus_schema_distribute(current_schema()::regnamespace)"
UNDISTRIBUTE = "SELECT citus_schema_undistribute(current_schema()::regnamespace)"
RENAME = "ALTER TABLE {} RENAME CONSTRAINT {} TO {}"
# The coordinator logs in on the node as this role, without a password: pg_hba.conf says from where (docs/nodes.md).
MAKE_ROLE = "DO $$ BEGIN CREATE ROLE {role} NOINHERIT; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
ON_WORKERS = "SELECT success, result FROM run_command_on_workers(%s)"
LOGS_IN = "ALTER ROLE {role} LOGIN"
DOES_NOT = "ALTER ROLE {role} NOLOGIN"

Sums = dict[str, Any]


def distribute(tenant: Tenant) -> None:
    """Make it a schema whose tables are all on one node. Citus chooses which; later it can be moved.

    Its requests wait until it is done.
    """
    make_role_on_workers(tenant)
    with converting(tenant) as cursor:
        run(LOGS_IN, role=tenant.schema_name)
        cursor.execute(FUNCTIONS)
        cursor.execute(DISTRIBUTE)


def make_role_on_workers(tenant: Tenant) -> None:
    """By the owner, which may only change and drop roles that it has made. Raises OperationalError if one is lost."""
    role = quoted(tenant.schema_name)
    for succeeded, result in rows(ON_WORKERS, [MAKE_ROLE.format(role=role)]):
        if not succeeded:
            raise OperationalError(result.strip())


def undistribute(tenant: Tenant) -> None:
    """Make it an ordinary schema of the coordinator again."""
    with converting(tenant) as cursor:
        lacking = [statement for query in LACKING for statement in column(cursor, query)]
        names = not_null(cursor)
        cursor.execute(IDENTITIES)
        identities = cursor.fetchall()
        switch("off", is_local=True)
        for drop, *_rest in identities:
            cursor.execute(drop)
        switch("on", is_local=True)
        cursor.execute(UNDISTRIBUTE)
        run(DOES_NOT, role=tenant.schema_name)
        for statement in [*(each for _drop, *rest in identities for each in rest if each), *lacking]:
            cursor.execute(statement)
        for (table, of), name in not_null(cursor).items():
            if name != names[table, of]:
                cursor.execute(RENAME.format(*map(quoted, (table, name, names[table, of]))))


def not_null(cursor: Any) -> dict[tuple[str, str], str]:
    cursor.execute(NOT_NULL)
    return {(table, of): name for table, of, name in cursor.fetchall()}


@contextmanager
def converting(tenant: Tenant) -> Iterator[Any]:
    """One transaction, without the schema's triggers and with all tables locked against writing. Raises Unequal.

    It waits for each lock as briefly as `migrate` does: who comes meanwhile waits behind it.
    """
    with (
        limited("migration"),
        within(tenant),
        as_owner(),
        transaction.atomic(durable=True),
        switched_on(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"LOCK TABLE {', '.join(map(quoted, tables(cursor)))} IN SHARE ROW EXCLUSIVE MODE")
        before = sums(cursor)
        cursor.execute(TRIGGERS)
        triggers = cursor.fetchall()
        for drop, *_rest in triggers:
            cursor.execute(drop)
        yield cursor
        for _drop, make, enable in triggers:
            cursor.execute(make)
            cursor.execute(enable)
        if different := [*differing(before, sums(cursor)), *map(str, differences([tenant]))]:
            raise Unequal(
                _("%(schema)s would not be the same: %(differences)s. Nothing was changed.")
                % {"schema": tenant.schema_name, "differences": "; ".join(different[:5])}
            )


def sums(cursor: Any) -> Sums:
    """How many rows each table of the current schema has, and where its sequences are."""
    names = tables(cursor)
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {quoted(name)}" for name in names)  # noqa: S608  names of ours
    cursor.execute(counts)
    found = dict(cursor.fetchall())
    cursor.execute(SEQUENCES)
    return found | dict(cursor.fetchall())


def differing(before: Sums, after: Sums) -> list[str]:
    return [
        f"{name} had {before.get(name)} and has {after.get(name)}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def truncate_local_copies(tenant: Tenant) -> int:
    """Give the disk of the local copies back. Returns how many tables had one."""
    with within(tenant), as_owner(), connection.cursor() as cursor:
        if not is_placed(tenant):
            return 0
        cursor.execute(LOCAL_COPIES)
        names = [name for (name,) in cursor.fetchall()]
        with transaction.atomic(durable=True), switched_on():
            for name in names:
                cursor.execute("SELECT truncate_local_data_after_distributing_table(%s::regclass)", [name])
    return len(names)


def tables(cursor: Any) -> list[str]:
    cursor.execute(TABLES)
    return [name for (name,) in cursor.fetchall()]


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
