"""What an admin does to many members at once: their roles, and the file of all of them."""

from tests.bench.arena import Arena
from tests.bench.figures import TENANTRY, Row

ROLES = 500
MEBIBYTE = 2**20
BATCH = 200  # as many as a bulk action changes in one transaction
FEW = 2_000


def measure(arena: Arena) -> list[Row]:
    many = arena.size.members
    found = arena.ask(TENANTRY, "members", roles=ROLES, few=FEW, many=many, batch=BATCH)
    note = f"{found['queries']} statements, an entry of the audit log for each member among them."
    small, large = found["peaks"]
    return [
        Row(f"{ROLES} roles changed at once", "s", {TENANTRY: found["seconds"]}, note=note),
        Row(f"{ROLES} roles changed at once: more memory at the peak", "MiB", {TENANTRY: found["memory"] / MEBIBYTE}),
        Row(
            f"memory of the file of members: {many:,} against {FEW:,}",
            "fold",
            {TENANTRY: large / small},
            at_most=1.2,
            note=f"{large / MEBIBYTE:.1f} MiB at most.",
        ),
    ]
