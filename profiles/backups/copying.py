"""One schema as SQL with its rows, at a cost that does not grow with the number of organisations: write_copy().

pg_dump reads the catalogue of the whole database for each schema. Most organisations have the same tables, so the SQL
that makes them is read for the first one of a shape, and used for all others. Rows are read by COPY. The text is one
that replaying.py reads, as is pg_dump's.
"""

from collections import OrderedDict
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

from tenants.context import as_owner, within
from tenants.isolation.database_roles import RIGHTS
from tenants.models import Tenant
from tenants.schemas.catalogue import RELATIONS, ROWS_FOLLOW
from tenants.schemas.script import read_definition

# All that a definition is made of. Each of these is found by an index, and so at the same cost in any database.
SHAPE = """
WITH thing AS MATERIALIZED (
    SELECT classid, objid FROM pg_depend
    WHERE refclassid = 'pg_namespace'::regclass AND refobjid = current_schema()::regnamespace
), line AS (
    SELECT concat_ws(' ', c.relkind, c.relname, replace(c.relacl::text, current_schema(), ''), a.attname,
        row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
        a.attidentity, a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid),
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END) AS text
    FROM thing JOIN pg_class c ON c.oid = objid
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE classid = 'pg_class'::regclass
    UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(k.oid))
    FROM thing JOIN pg_constraint k ON k.conrelid = objid WHERE classid = 'pg_class'::regclass
    UNION ALL SELECT pg_get_indexdef(indexrelid, 0, true)
    FROM thing JOIN pg_index ON indrelid = objid WHERE classid = 'pg_class'::regclass
    UNION ALL SELECT concat_ws(' ', pg_get_triggerdef(t.oid, true), tgenabled)
    FROM thing JOIN pg_trigger t ON tgrelid = objid WHERE classid = 'pg_class'::regclass AND NOT tgisinternal
    UNION ALL SELECT pg_get_ruledef(r.oid, true)
    FROM thing JOIN pg_rewrite r ON ev_class = objid WHERE classid = 'pg_class'::regclass AND rulename <> '_RETURN'
    UNION ALL SELECT concat_ws(' ', p.oid::regprocedure, md5(prosrc))
    FROM thing JOIN pg_proc p ON p.oid = objid WHERE classid = 'pg_proc'::regclass
    UNION ALL SELECT concat_ws(' ', typname, typtype, typdefault, e.enumsortorder, e.enumlabel,
        pg_get_constraintdef(k.oid))
    FROM thing JOIN pg_type t ON t.oid = objid LEFT JOIN pg_enum e ON e.enumtypid = t.oid
    LEFT JOIN pg_constraint k ON k.contypid = t.oid WHERE classid = 'pg_type'::regclass
)
SELECT md5(string_agg(text, ';' ORDER BY text COLLATE "C")) FROM line
"""
TABLES = f"""
SELECT quote_ident(c.relname), string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid IN {RELATIONS} AND c.relkind = 'r' AND a.attgenerated = '' GROUP BY c.oid ORDER BY c.relname
"""  # noqa: S608  made of our own words
SEQUENCES = f"""
SELECT format('SELECT setval(%L, %s, true)', quote_ident(relname), pg_sequence_last_value(oid)) FROM pg_class
WHERE oid IN {RELATIONS} AND CASE WHEN relkind = 'S' THEN pg_sequence_last_value(oid) IS NOT NULL END ORDER BY relname
"""  # noqa: S608  the same

SET = "SELECT set_config(%s, %s, true)"

# What stands before the rows, and after them.
Definition = tuple[list[str], list[str]]

MOST = 16  # shapes in memory: there are two or three during `migrate`
_known: OrderedDict[str, Definition] = OrderedDict()


class Writer(Protocol):
    def write(self, data: bytes, /) -> Any: ...


def write_copy(tenant: Tenant, out: Writer) -> None:
    """The SQL that makes this schema with its rows, in the snapshot of the caller's transaction."""
    with within(tenant), as_owner(), connection.cursor() as cursor:
        before, after = definition(cursor, tenant.schema_name)
        out.write(b"-- Name: a schema, its rows, and what needs the rows\n")
        write(out, [*schema(tenant.schema_name), *before])
        for table, columns in fetched(cursor, TABLES):
            out.write(f"COPY {table} ({columns}) FROM stdin;\n".encode())
            with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as rows:
                for row in rows:
                    out.write(row)
            out.write(b"\\.\n")
        write(out, [*(setval for (setval,) in fetched(cursor, SEQUENCES)), *after])
        out.write(b"-- PostgreSQL database dump complete\n")


def write(out: Writer, statements: list[str]) -> None:
    out.write("".join(f"{statement};\n" for statement in statements).encode())


def schema(name: str) -> list[str]:
    """The schema first, with the rights that its owner's tables get."""
    quoted = connection.ops.quote_name(name)
    rights = [RIGHTS.format(schema=quoted, role=quoted)] if settings.DATABASE_ROLES else []
    return [f"CREATE SCHEMA {quoted}", *rights]


def definition(cursor: Any, schema_name: str) -> Definition:
    """Of this shape. PostgreSQL reads the catalogue of the whole database for a shape that is new to this process."""
    [(shape,)] = fetched(cursor, SHAPE)
    if shape in _known:
        return _known[shape]
    cursor.execute(SET, [ROWS_FOLLOW, "on"])
    found = read_definition(cursor)
    cursor.execute(SET, [ROWS_FOLLOW, "off"])
    if not any(schema_name in statement for part in found for statement in part):
        _known[shape] = found
        while len(_known) > MOST:
            _known.popitem(last=False)
    return found


def fetched(cursor: Any, query: str) -> list[Any]:
    cursor.execute(query)
    return list(cursor.fetchall())
