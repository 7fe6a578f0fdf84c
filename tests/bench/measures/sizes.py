"""What an organisation is on the disk: files and bytes. What it is in memory, flatness.py has."""

from tests.bench.arena import Arena
from tests.bench.figures import PLAIN, PLAIN_FAST, TENANTRY, Row

NAMES = (PLAIN, PLAIN_FAST, TENANTRY)
# In a schema, with the tables that PostgreSQL keeps beside those with long values.
FILES = r"""
WITH own AS (
    SELECT c.oid, c.reltoastrelid, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = (SELECT schema_name FROM tenants_tenant WHERE slug IS NOT NULL ORDER BY id DESC LIMIT 1)
), files AS (
    SELECT oid FROM own UNION SELECT reltoastrelid FROM own WHERE reltoastrelid <> 0
    UNION SELECT indexrelid FROM pg_index JOIN own ON indrelid = reltoastrelid WHERE reltoastrelid <> 0
)
SELECT count(*), sum(pg_relation_size(oid, 'main') + pg_relation_size(oid, 'fsm') + pg_relation_size(oid, 'vm'))::bigint
FROM files WHERE pg_relation_filenode(oid) IS NOT NULL
"""
MIB = 2**20


def measure(arena: Arena) -> list[Row]:
    found = {name: arena.query(FILES, [], f"bench_{name}")[0] for name in NAMES}
    return [
        Row(
            "files of an organisation",
            "",
            {name: float(files) for name, (files, _) in found.items()},
            at_most=200,
            note="The newest one: tables, indexes, sequences, and where long values are (testing/relations.txt).",
        ),
        Row(
            "size of an organisation",
            "MiB",
            {name: float(size) / MIB for name, (_, size) in found.items()},
            at_most=1.5,
        ),
    ]
