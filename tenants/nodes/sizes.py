"""How many bytes placed organisations take: their tables are on nodes, and empty on the coordinator."""

from collections.abc import Sequence

from tenants.nodes.engine import rows
from tenants.nodes.placed import is_cluster

# A node that does not answer makes it 0.
SIZES = """
SELECT nspname, coalesce(sum(citus_total_relation_size(logicalrelid, fail_on_error => false)), 0)::bigint
FROM pg_dist_partition JOIN pg_class class ON class.oid = logicalrelid
JOIN pg_namespace space ON space.oid = relnamespace
WHERE nspname = ANY(%s) GROUP BY 1
"""


def of_placed(schemas: Sequence[str]) -> dict[str, int]:
    """The bytes of those of these schemas that are placed, by name."""
    return dict(rows(SIZES, [list(schemas)])) if is_cluster() else {}
