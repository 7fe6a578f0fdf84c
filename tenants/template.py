"""The template schema, and its replay as SQL: tables, names, rows and all.

PostgreSQL has no "copy this schema". Its catalogue, read while the template alone is on the search path, gives
definitions without a schema's name, which are then valid in any other schema:
https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG
"""

from threading import Lock

from django.db import connection, transaction

from tenants.context import public, within
from tenants.errors import TemplateStale
from tenants.fingerprint import code_fingerprint
from tenants.models import TEMPLATE_SCHEMA, Tenant

_scripts: dict[str, str] = {}
_lock = Lock()

TABLES = """
SELECT c.relname, string_agg(
    format('%%I %%s', a.attname, format_type(a.atttypid, a.atttypmod))
    || CASE WHEN a.attcollation <> t.typcollation
            THEN (SELECT format(' COLLATE %%I.%%I', n.nspname, o.collname) FROM pg_collation o
                  JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation) ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN format(
            ' GENERATED %%s AS IDENTITY (SEQUENCE NAME %%I)',
            CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
            (SELECT s.relname FROM pg_class s
             WHERE s.oid = pg_get_serial_sequence(format('%%I', c.relname), a.attname)::regclass))
       WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%%s) STORED', pg_get_expr(d.adbin, d.adrelid))
       WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END
    || CASE WHEN a.attnotnull AND a.attidentity = '' THEN coalesce(
            (SELECT format(' CONSTRAINT %%I', n.conname) FROM pg_constraint n
             WHERE n.conrelid = c.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]), '') || ' NOT NULL'
       ELSE '' END, ', ' ORDER BY a.attnum)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
GROUP BY c.oid ORDER BY c.relname
"""

# Keys before foreign keys, and indexes that a constraint brings only by way of it.
CONSTRAINTS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid, true)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND k.contype IN ('p', 'u', 'c', 'x', 'f')
ORDER BY k.contype = 'f', c.relname, k.conname
"""

INDEXES = """
SELECT pg_get_indexdef(i.indexrelid, 0, true)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = %s::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname
"""

SEQUENCES = """
SELECT s.relname FROM pg_class s WHERE s.relnamespace = %s::regnamespace AND s.relkind = 'S' ORDER BY s.relname
"""

# What the replay does not know how to copy. Better no new organisation than one that lacks its triggers.
UNKNOWN = """
SELECT 'relation ' || relname FROM pg_class
WHERE relnamespace = %(schema)s::regnamespace AND relkind NOT IN ('r', 'i', 'S', 't')
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
UNION ALL SELECT 'type ' || typname FROM pg_type
WHERE typnamespace = %(schema)s::regnamespace AND typtype <> 'b' AND typrelid = 0
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
UNION ALL SELECT 'sequence ' || s.relname || ' that is not an identity' FROM pg_class s
WHERE s.relnamespace = %(schema)s::regnamespace AND s.relkind = 'S'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = s.oid AND d.deptype = 'i')
"""


def replay(tenant: Tenant) -> None:
    """Create a tenant's schema as a copy of the template, in the caller's transaction.

    Raises TemplateStale if the template is not at the state of this code, and ProgrammingError if the schema exists:
    an existing schema is never adopted.
    """
    template = locked_template()
    with public(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(tenant.schema_name)}")
    with within(tenant), connection.cursor() as cursor:
        cursor.execute(script(template))
    tenant.fingerprint = template.fingerprint


def locked_template() -> Tenant:
    """The template, held against a `migrate` that would change it before this transaction ends."""
    with public(), transaction.atomic():
        # FOR SHARE: many replays at once, none together with the UPDATE by which migrate marks the template.
        rows = Tenant.objects.raw(
            "SELECT * FROM tenants_tenant WHERE state = %s FOR SHARE", [Tenant.State.TEMPLATE]
        )
        template = next(iter(rows), None)
    if template is None or not template.is_complete:
        raise TemplateStale("The template schema is not at the state of this code. Run `manage.py migrate` first.")
    return template


def script(template: Tenant) -> str:
    """The SQL that makes a copy of the template in the schema on the search path; read once for each fingerprint."""
    with _lock:
        if template.fingerprint not in _scripts:
            with within(template):
                _scripts[template.fingerprint] = read_script()
        return _scripts[template.fingerprint]


def read_script() -> str:
    """The current schema as SQL."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(UNKNOWN, {"schema": TEMPLATE_SCHEMA})
        if unknown := [row[0] for row in cursor.fetchall()]:
            raise TemplateStale(f"The template holds what cannot be copied: {', '.join(unknown)}. See tenants/template.py.")
        cursor.execute(TABLES, [TEMPLATE_SCHEMA])
        tables = cursor.fetchall()
        statements = [f"CREATE TABLE {quote(table)} ({columns})" for table, columns in tables]
        statements += copied_rows(cursor, [table for table, _ in tables])
        cursor.execute(CONSTRAINTS, [TEMPLATE_SCHEMA])
        constraints = [
            f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(name)} {definition}"
            for table, name, definition in cursor.fetchall()
        ]
        cursor.execute(INDEXES, [TEMPLATE_SCHEMA])
        indexes = [row[0] for row in cursor.fetchall()]
    keys = [each for each in constraints if " FOREIGN KEY " not in each]
    foreign_keys = [each for each in constraints if " FOREIGN KEY " in each]
    return ";\n".join(statements + keys + indexes + foreign_keys)


def copied_rows(cursor, tables: list[str]) -> list[str]:
    """Statements that copy the rows that migrations made, ids included, and the sequences' positions."""
    quote, source = connection.ops.quote_name, connection.ops.quote_name(TEMPLATE_SCHEMA)
    statements = []
    for table in tables:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {quote(table)})")
        if cursor.fetchone()[0]:
            statements.append(
                f"INSERT INTO {quote(table)} OVERRIDING SYSTEM VALUE SELECT * FROM {source}.{quote(table)}"
            )
    cursor.execute(SEQUENCES, [TEMPLATE_SCHEMA])
    for (sequence,) in cursor.fetchall():
        statements.append(
            f"SELECT setval('{quote(sequence)}', last_value, is_called) FROM {source}.{quote(sequence)}"
        )
    return statements
