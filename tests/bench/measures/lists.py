"""A list of a thousand people is invited: read, judged and sent by its jobs, each mail rendered and queued."""

from tests.bench.arena import Arena
from tests.bench.figures import TENANTRY, Row, median

PEOPLE = 1000


def measure(arena: Arena) -> list[Row]:
    rounds = [arena.ask(TENANTRY, "invite_list", people=PEOPLE) for _ in range(arena.size.rounds)]
    seconds, statements, mebibytes = (list(figures) for figures in zip(*rounds, strict=True))
    work = f"{PEOPLE:,} invitations by a CSV file"
    return [
        Row(work, "s", {TENANTRY: median(seconds)}, rounds={TENANTRY: seconds}),
        Row(f"{work}: statements for each", "", {TENANTRY: median(statements) / PEOPLE}),
        Row(f"{work}: more memory at the peak", "MiB", {TENANTRY: max(mebibytes)}),
    ]
