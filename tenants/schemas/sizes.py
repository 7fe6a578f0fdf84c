"""How many bytes schemas take in the database."""

from collections.abc import Sequence

from django.db import connection

from shared.capabilities.registry import imported

# Tables with their indexes and TOAST, and sequences.
SIZES = """
SELECT nspname, sum(pg_total_relation_size(class.oid))::bigint FROM pg_class class
JOIN pg_namespace space ON space.oid = relnamespace
WHERE nspname = ANY(%s) AND relkind IN ('r', 'p', 'm', 'S') GROUP BY 1
"""


def sizes_of(schemas: Sequence[str]) -> dict[str, int]:
    """The bytes of each of these schemas that is there, by name. One statement, beside those of sizes_elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES, [list(schemas)])
        return dict(cursor.fetchall()) | bytes_elsewhere(schemas)


def bytes_elsewhere(schemas: Sequence[str]) -> dict[str, int]:
    """The bytes of those whose tables are on another server."""
    return {name: size for sizes in imported("sizes_elsewhere") for name, size in sizes(schemas).items()}
