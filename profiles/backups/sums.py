"""What proves that two schemas have the same rows, whatever the models are: sums()."""

from django.db import connection

from profiles.exports.exporting import SEQUENCES
from tenants.context import as_owner, within
from tenants.models import Tenant
from tenants.schemas.catalogue import RELATIONS

TABLES = f"""
SELECT relname, quote_ident(relname) FROM pg_class WHERE oid IN {RELATIONS} AND relkind IN ('r', 'p') ORDER BY relname
"""  # noqa: S608  made of our own words


def sums(tenant: Tenant) -> dict[str, str]:
    """Of each table how many rows it has, and the sum of their hashes; of each sequence its last number.

    PostgreSQL counts, and nothing is read here. In a snapshot() (profiles.exports.exporting).
    """
    found: dict[str, str] = {}
    with within(tenant), as_owner(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        for name, quoted in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {quoted} t"  # noqa: S608  quoted by PostgreSQL
            )
            rows, total = cursor.fetchone()
            found[name] = f"{rows} rows, {total}"
        cursor.execute(SEQUENCES)
        for table, column, sequence in cursor.fetchall():
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}")  # noqa: S608  the same
            found[f"{table}.{column}"] = str(cursor.fetchone()[0])
    return found
