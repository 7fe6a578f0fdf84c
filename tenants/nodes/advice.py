"""Which organisations to place: those that take most of the coordinator's disk and work."""

from typing import NamedTuple

from django.db import connection

from tenants.context import as_owner, public
from tenants.nodes.placed import places

# From here on an organisation is worth it: each statement of a placed one goes to another server.
BIG_BYTES = 1 << 30
BIG_SHARE = 0.1
MOST = 10

# Bytes, and rows read and written since PostgreSQL counts them: of schemas here, as those on nodes have neither here.
# https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
FIGURES = """
SELECT schema_name, slug, coalesce(sum(pg_total_relation_size(relid)), 0)::bigint,
    coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint
FROM tenants_tenant LEFT JOIN pg_stat_all_tables ON schemaname = schema_name
WHERE state IN ('active', 'suspended') GROUP BY 1, 2 ORDER BY 3 DESC
"""


class Figures(NamedTuple):
    schema: str
    slug: str
    bytes: int
    rows: int


class Advice(NamedTuple):
    """An organisation that is worth placing, and why, in words."""

    slug: str
    reason: str


def figures() -> list[Figures]:
    """Of all organisations that are not placed, the biggest first."""
    away = places()
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute(FIGURES)
        return [Figures(*row) for row in cursor.fetchall() if row[0] not in away]


def advice(found: list[Figures]) -> list[Advice]:
    """Those to place: big ones that have a large share of the coordinator's bytes or rows."""
    all_bytes, all_rows = max(sum(each.bytes for each in found), 1), max(sum(each.rows for each in found), 1)
    return [
        Advice(each.slug, f"{each.bytes / all_bytes:.0%} of the bytes and {each.rows / all_rows:.0%} of the work here")
        for each in found
        if each.bytes >= BIG_BYTES and max(each.bytes / all_bytes, each.rows / all_rows) >= BIG_SHARE
    ][:MOST]
