"""Statements that would reach every relation and function of a schema, and which of them are allowed."""

from collections.abc import Iterator

import psycopg
from django.db import DatabaseError, connection, transaction

from tests.tenants.where import ask_all

# Each relation in these schemas, its kind and its first column that can be written; each function, as one calls it.
RELATIONS = """
SELECT format('%%I.%%I', n.nspname, c.relname), c.relkind::text, (
    SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    AND attgenerated = '' AND attidentity <> 'a' ORDER BY attnum LIMIT 1)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%s) AND c.relkind NOT IN ('i', 'I', 't', 'c') ORDER BY 2, 1
"""
FUNCTIONS = """
SELECT format('%%I.%%I(%%s)', n.nspname, p.proname, (
    SELECT string_agg(format('NULL::%%s', format_type(a, NULL)), ', ') FROM unnest(p.proargtypes) a))
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY(%s) AND p.prorettype <> 'trigger'::regtype
"""
TRIED_ON = {
    "r": [
        *("SELECT FROM {0}", "SELECT {1} FROM {0} FOR UPDATE", "INSERT INTO {0} DEFAULT VALUES"),
        *("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE", "DROP TABLE {0}"),
    ],
    "v": ["SELECT FROM {0}", "UPDATE {0} SET {1} = {1}"],
    "m": ["SELECT FROM {0}", "REFRESH MATERIALIZED VIEW {0}"],
    "S": ["SELECT FROM {0}", "SELECT nextval('{0}')", "SELECT setval('{0}', 1)"],
}


def attempts_on(*schemas: str) -> Iterator[str]:
    """A statement for each way to read or change each thing in these schemas."""
    relations, functions = ask_all(RELATIONS, list(schemas)), ask_all(FUNCTIONS, list(schemas))
    for name, kind, column in relations:
        yield from (statement.format(name, column) for statement in TRIED_ON[kind])
    yield from (f"SELECT {call}" for (call,) in functions)


def allowed(statements: Iterator[str]) -> list[str]:
    """Those that PostgreSQL does not refuse for want of rights."""
    tried, done = 0, []
    for statement in statements:
        tried += 1
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError as error:
            if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                continue
        done.append(statement)
    assert tried > 50
    return done
