"""A list of a thousand people is invited: read, judged and sent by its jobs, each mail rendered and queued."""

from tests.bench.arena import Arena
from tests.bench.figures import TENANTRY, Row

PEOPLE = 1000


def measure(arena: Arena) -> list[Row]:
    # Once: the thousand are alike.
    seconds, statements, mebibytes = arena.ask(TENANTRY, "invite_list", people=PEOPLE)
    work = f"{PEOPLE:,} invitations by a CSV file"
    return [
        Row(work, "s", {TENANTRY: seconds}),
        Row(f"{work}: statements for each", "", {TENANTRY: statements / PEOPLE}),
        Row(f"{work}: more memory at the peak", "MiB", {TENANTRY: mebibytes}),
    ]
