"""What is not the same in an organisation and in its sandbox, by model: compare(). PostgreSQL compares the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection

from profiles.exports import tables
from profiles.exports.comparing import sum_of_file
from profiles.exports.tables import Table
from tenants.context import as_owner, public, within
from tenants.models import Tenant
from tenants.storage import lasting_files

MOST = 100  # primary keys of each kind
# As JSON, in which the order of columns means nothing.
ROWS = """
SELECT '{label}' AS label, kind, count(*), (array_agg(key ORDER BY key))[:%(most)s] FROM (
    SELECT {keys} AS key, CASE WHEN a IS NULL THEN 'gone' WHEN b IS NULL THEN 'added' ELSE 'changed' END AS kind
    FROM (SELECT {names}, to_jsonb(t) AS row FROM {present} t) a
    FULL JOIN (SELECT {names}, to_jsonb(t) AS row FROM {past} t) b USING ({names})
    WHERE a.row IS DISTINCT FROM b.row
) pair GROUP BY kind
"""

COLUMNS = """
SELECT a.key, (SELECT array_agg(e.key ORDER BY e.key) FROM jsonb_each(a.row) e WHERE b.row -> e.key <> e.value)
FROM (SELECT {keys} AS key, to_jsonb(t) AS row FROM {present} t) a
JOIN (SELECT {keys} AS key, to_jsonb(t) AS row FROM {past} t) b USING (key) WHERE a.key = ANY(%(keys)s)
"""


@dataclass
class Change:
    """Of one model, or of the files: how many are only in the present, in both and not the same, only in the past.

    `keys` has the first of them by kind: primary keys, or names.
    """

    what: str
    added: int = 0
    changed: int = 0
    gone: int = 0
    keys: dict[str, list[str]] = field(default_factory=dict)


def compare(present: Tenant, sandbox: Tenant, *, reads_files: bool = True) -> list[Change]:
    """What has been added, changed and deleted in `present` since `sandbox`. Models without a change are left out.

    Files of one name and size count as the same if they are not read.
    """
    with within(sandbox):
        found = rows_of(tables.tables(), present, sandbox)
    files = files_of(present, sandbox, reads=reads_files)
    return [change for change in [*found, files] if change.added + change.changed + change.gone]


def rows_of(found: Iterable[Table], present: Tenant, sandbox: Tenant, *, most: int = MOST) -> list[Change]:
    """Of each of these tables, in one statement."""
    kinds: dict[str, dict[str, Any]] = {table.label: {} for table in found}
    query = "UNION ALL".join(query_for(table, present, sandbox) for table in found)
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute(query, {"most": most})
        for label, kind, number, keys in cursor.fetchall():
            kinds[label][kind] = number, keys
    return [change_of(label, of_model) for label, of_model in kinds.items()]


def query_for(table: Table, present: Tenant, sandbox: Tenant) -> str:
    names = ", ".join(connection.ops.quote_name(str(each.column)) for each in table.model._meta.pk_fields)
    place = {"present": in_schema(present, table), "past": in_schema(sandbox, table)}
    return ROWS.format(label=table.label, names=names, keys=f"concat_ws(',', {names})", **place)


def in_schema(tenant: Tenant, table: Table) -> str:
    return f"{connection.ops.quote_name(tenant.schema_name)}.{table.quoted}"


def files_of(present: Tenant, sandbox: Tenant, *, reads: bool = True, most: int = MOST) -> Change:
    now, then = contents(present, reads=reads), contents(sandbox, reads=reads)
    kinds = {
        "added": sorted(now.keys() - then.keys()),
        "changed": sorted(name for name in now.keys() & then.keys() if now[name] != then[name]),
        "gone": sorted(then.keys() - now.keys()),
    }
    return change_of("files", {kind: (len(names), names[:most]) for kind, names in kinds.items() if names})


def contents(tenant: Tenant, *, reads: bool) -> dict[str, str | int]:
    with within(tenant):
        return {name: sum_of_file(name) if reads else default_storage.size(name) for name in lasting_files()}


def change_of(what: str, kinds: dict[str, Any]) -> Change:
    numbers = {kind: number for kind, (number, _) in kinds.items()}
    return Change(what, **numbers, keys={kind: keys for kind, (_, keys) in sorted(kinds.items())})


def changed_columns(table: Table, present: Tenant, sandbox: Tenant, keys: list[str]) -> dict[str, list[str]]:
    """The columns with another value, by the key of the row."""
    names = ", ".join(connection.ops.quote_name(str(each.column)) for each in table.model._meta.pk_fields)
    place = {"present": in_schema(present, table), "past": in_schema(sandbox, table)}
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute(COLUMNS.format(keys=f"concat_ws(',', {names})", **place), {"keys": keys})
        return dict(cursor.fetchall())
