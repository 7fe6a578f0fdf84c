"""The template as SQL, in order of dependencies."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.conf import settings
from django.db import connection

from tenants.errors import TemplateStale
from tenants.models import TEMPLATE_SCHEMA
from tenants.schemas import catalogue, definitions
from tenants.schemas.refused import refused

COPY = "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {template}.{table}"
# Function bodies may refer to later objects: https://www.postgresql.org/docs/current/runtime-config-client.html
UNCHECKED = "SET LOCAL check_function_bodies = off"

# An object: its table in PostgreSQL's catalogue, and its oid.
Thing = tuple[str, int]


def read_script() -> str:
    """The SQL of the current schema, the template. Raises TemplateStale if an object in it cannot be copied."""
    with connection.cursor() as cursor:
        if unknown := uncopied(cursor):
            raise TemplateStale(
                f"The template holds objects that cannot be copied: {', '.join(unknown)}. See docs/operations.md."
            )
        return written(cursor)


def written(cursor: Any) -> str:
    """The SQL of the current schema, the template, without that check."""
    before, after = read_definition(cursor)
    return ";\n".join([UNCHECKED, *before, *copied_rows(cursor), *column(cursor, catalogue.SEQUENCES), *after])


def read_definition(cursor: Any) -> tuple[list[str], list[str]]:
    """The statements that make the objects of the current schema: those before its rows, and those after them."""
    before, after = definitions_in_order(cursor)
    return before, list(finished(cursor, after))


def uncopied(cursor: Any) -> list[str]:
    """Descriptions of what is in the current schema and cannot be copied."""
    found = refused()
    try:
        before, after = definitions_in_order(cursor)
    except CycleError as error:
        return [*found, f"objects that need each other: {', '.join(map(described(cursor), error.args[1]))}"]
    for statement in [*before, *finished(cursor, after)]:
        if TEMPLATE_SCHEMA in statement:
            found.append(f"a definition that names {TEMPLATE_SCHEMA}: {' '.join(statement.split())[:80]} …")
    return found


def definitions_in_order(cursor: Any) -> tuple[list[str], list[str]]:
    """Statements that create all objects: those that run before the rows are copied, and those that run after it, which
    are materialized views and everything that needs them.

    Raises CycleError if two objects need each other.
    """
    made = {
        (catalog, oid): statement
        for catalog, queries in definitions.QUERIES.items()
        for query in queries
        for oid, statement in pairs(cursor, query)
    }
    filled: set[Thing] = {("pg_class", oid) for oid, _ in pairs(cursor, definitions.MATERIALIZED_VIEWS)}
    needs: dict[Thing, set[Thing]] = {thing: set() for thing in made}
    cursor.execute(definitions.NEEDS)
    for catalog, oid, other_catalog, other in cursor.fetchall():
        if (catalog, oid) in made and (other_catalog, other) in made:
            needs[catalog, oid].add((other_catalog, other))
    late: set[Thing] = set()
    order = list(TopologicalSorter(needs).static_order())
    for thing in order:
        if thing in filled or needs[thing] & late:
            late.add(thing)
    return [made[thing] for thing in order if thing not in late], [made[thing] for thing in order if thing in late]


def finished(cursor: Any, after: list[str]) -> Iterator[str]:
    """Statements that run after the rows are copied. Triggers come late, so that none runs for copied rows."""
    yield from column(cursor, definitions.NOT_VALID)
    yield from column(cursor, definitions.OWNED)
    yield from column(cursor, catalogue.KEYS)
    yield from column(cursor, catalogue.INDEXES.format(kind="r"))
    yield from column(cursor, catalogue.FOREIGN_KEYS)
    yield from after
    yield from column(cursor, catalogue.INDEXES.format(kind="m"))
    yield from column(cursor, definitions.RULES)
    yield from column(cursor, definitions.TRIGGERS)
    if settings.DATABASE_ROLES:
        yield from column(cursor, definitions.RIGHTS)
    yield from column(cursor, catalogue.COMMENTS)
    yield from column(cursor, definitions.COMMENTS)


def copied_rows(cursor: Any) -> list[str]:
    """Statements that copy the rows that migrations inserted, with their ids."""
    return [COPY.format(table=table, columns=columns, template=TEMPLATE_SCHEMA) for table, columns in with_rows(cursor)]


def with_rows(cursor: Any) -> list[tuple[str, str]]:
    """The tables of the current schema that have rows, each with its columns, quoted."""
    found = []
    for table, columns in pairs(cursor, catalogue.COLUMNS):
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608  PostgreSQL has quoted it
        if cursor.fetchone()[0]:
            found.append((table, columns))
    return found


def described(cursor: Any) -> Any:
    """A function that returns PostgreSQL's description of an object."""

    def words(thing: Thing) -> str:
        cursor.execute("SELECT pg_describe_object(%s::regclass, %s, 0)", thing)
        return str(cursor.fetchone()[0])

    return words


def pairs(cursor: Any, query: str) -> list[tuple[Any, str]]:
    cursor.execute(query)
    return list(cursor.fetchall())


def column(cursor: Any, query: str) -> list[str]:
    cursor.execute(query)
    return [row[0] for row in cursor.fetchall()]
