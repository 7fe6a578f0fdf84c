"""What is not the same in an organisation and in its sandbox, by model: compare(). PostgreSQL compares the rows."""

from dataclasses import dataclass, field
from typing import Any

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
WITH pair AS (
    SELECT {keys} AS key, a IS NULL AS is_gone, b IS NULL AS is_added
    FROM (SELECT {names}, to_jsonb(t) AS row FROM {present} t) a
    FULL JOIN (SELECT {names}, to_jsonb(t) AS row FROM {past} t) b USING ({names})
    WHERE a.row IS DISTINCT FROM b.row
), kind AS (
    SELECT CASE WHEN is_gone THEN 'gone' WHEN is_added THEN 'added' ELSE 'changed' END AS kind, key FROM pair
)
SELECT kind, count(*), (array_agg(key ORDER BY key))[:%s] FROM kind GROUP BY kind
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


def compare(present: Tenant, sandbox: Tenant) -> list[Change]:
    """What has been added, changed and deleted in `present` since `sandbox`. Models without a change are left out."""
    with within(sandbox):
        found = [rows_of(table, present, sandbox) for table in tables.tables()]
    return [change for change in [*found, files_of(present, sandbox)] if change.added + change.changed + change.gone]


def rows_of(table: Table, present: Tenant, sandbox: Tenant) -> Change:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(each.column)) for each in table.model._meta.pk_fields)
    query = ROWS.format(
        names=names,
        keys=f"concat_ws(',', {names})",
        present=f"{quote(present.schema_name)}.{table.quoted}",
        past=f"{quote(sandbox.schema_name)}.{table.quoted}",
    )
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute(query, [MOST])
        return change_of(table.label, {kind: (number, keys) for kind, number, keys in cursor.fetchall()})


def files_of(present: Tenant, sandbox: Tenant) -> Change:
    now, then = contents(present), contents(sandbox)
    kinds = {
        "added": sorted(now.keys() - then.keys()),
        "changed": sorted(name for name in now.keys() & then.keys() if now[name] != then[name]),
        "gone": sorted(then.keys() - now.keys()),
    }
    return change_of("files", {kind: (len(names), names[:MOST]) for kind, names in kinds.items() if names})


def contents(tenant: Tenant) -> dict[str, str]:
    with within(tenant):
        return {name: sum_of_file(name) for name in lasting_files()}


def change_of(what: str, kinds: dict[str, Any]) -> Change:
    numbers = {kind: number for kind, (number, _) in kinds.items()}
    return Change(what, **numbers, keys={kind: keys for kind, (_, keys) in sorted(kinds.items())})
