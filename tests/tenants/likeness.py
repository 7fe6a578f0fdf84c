"""All visible contents of a schema, for comparing two of them."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection

from tenants.context import within
from tenants.models import Tenant

QUERIES = {
    "tables": """
        SELECT relname, relkind, relpersistence, relreplident, relrowsecurity, reloptions,
            obj_description(oid)
        FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind <> 'S'""",
    "columns": """
        SELECT c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY attnum), attname,
            format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
            pg_get_expr(adbin, adrelid),
            attcollation::regcollation::text, attstorage, attcompression, attoptions,
            col_description(c.oid, attnum),
            pg_get_serial_sequence(quote_ident(c.relname), attname)
        FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid AND relkind IN ('r', 'p')
        LEFT JOIN pg_attrdef d ON adrelid = c.oid AND adnum = attnum
        WHERE relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped""",
    "constraints": """
        SELECT c.relname, conname, contype, pg_get_constraintdef(k.oid, true), condeferrable, condeferred,
            convalidated
        FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
        WHERE c.relnamespace = current_schema()::regnamespace""",
    "indexes": """
        SELECT c.relname, pg_get_indexdef(indexrelid, 0, true), indisunique, indisprimary, indisvalid,
            indisclustered
        FROM pg_index JOIN pg_class c ON c.oid = indexrelid
        WHERE relnamespace = current_schema()::regnamespace""",
    "sequences": """
        SELECT sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size
        FROM pg_sequences WHERE schemaname = current_schema()""",
    "positions of sequences": """
        SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()""",
    "triggers": """
        SELECT tgname, tgtype, tgenabled, c.relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
        WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal""",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
    "types": """
        SELECT typname FROM pg_type WHERE typnamespace = current_schema()::regnamespace AND typtype <> 'c'
        AND typelem = 0""",
    "domains": """
        SELECT contypid::regtype, conname, pg_get_constraintdef(oid, true), convalidated
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contypid <> 0""",
    "parts of types": """
        SELECT c.relname, attname, format_type(atttypid, atttypmod), attcollation::regcollation
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND relkind = 'c'
        WHERE relnamespace = current_schema()::regnamespace""",
    "comments": """
        SELECT pg_describe_object(classoid, objoid, objsubid), description FROM pg_description
        WHERE objoid >= 16384 AND (  -- Not PostgreSQL's own.
        EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND oid = objoid)
        OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND oid = objoid)
        OR EXISTS (SELECT FROM pg_type WHERE typnamespace = current_schema()::regnamespace AND oid = objoid)
        OR EXISTS (SELECT FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND oid = objoid)
        OR EXISTS (SELECT FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
                   WHERE relnamespace = current_schema()::regnamespace AND pg_trigger.oid = objoid)
        OR EXISTS (SELECT FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class
                   WHERE relnamespace = current_schema()::regnamespace AND pg_rewrite.oid = objoid))""",
    "content types": "SELECT * FROM django_content_type",
    "permissions": "SELECT * FROM auth_permission",
    "migrations": "SELECT id, app, name FROM django_migrations",
}


def contents(tenant: Tenant) -> dict[str, set[tuple[str, ...]]]:
    """What a tenant's schema holds, by kind."""
    with within(tenant), connection.cursor() as cursor:
        return {kind: rows(cursor, query) for kind, query in QUERIES.items()}


def rows(cursor: Any, query: str) -> set[tuple[str, ...]]:
    cursor.execute(query)
    return {tuple(canonical(str(value)) for value in row) for row in cursor.fetchall()}


def canonical(definition: str) -> str:
    """PostgreSQL prints `x IN ('a', 'b')` on a varchar in one form, and in another once it has read its own
    print.
    """
    without_casts = re.sub(r"::(text|character varying)(\[\])?", "", definition)
    without_schema = re.sub(r"\b(t_[a-z0-9]{12,}|tenant_template)\.", "", without_casts)
    return re.sub(r"[()\s]", "", without_schema)


def differences(one: Tenant, other: Tenant, *, ignoring: Sequence[str] = ()) -> dict[str, set[tuple[str, ...]]]:
    """What one of two schemas has and the other lacks, by kind; empty if they are equal."""
    here, there = contents(one), contents(other)
    return {kind: here[kind] ^ there[kind] for kind in QUERIES if here[kind] != there[kind] and kind not in ignoring}
