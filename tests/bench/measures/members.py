"""What an admin does to many members at once: their roles, and the file of all of them."""

from tests.bench.arena import Arena
from tests.bench.figures import TENANTRY, Row

ROLES = 500
BATCH = 200  # as many as a bulk action changes in one transaction
FEW, MANY = 2_000, 20_000


def measure(arena: Arena) -> list[Row]:
    found = arena.ask(TENANTRY, "members", roles=ROLES, few=FEW, many=MANY, batch=BATCH)
    note = f"{found['queries']} statements, an entry of the audit log for each member among them."
    small, large = found["peaks"]
    return [
        Row(f"{ROLES} roles changed at once", "s", {TENANTRY: found["seconds"]}, note=note),
        Row(
            f"memory of the file of members: {MANY:,} against {FEW:,}",
            "fold",
            {TENANTRY: large / small},
            at_most=1.2,
            note=f"{large / 2**20:.1f} MiB at most.",
        ),
    ]
