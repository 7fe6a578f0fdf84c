"""A backup of one organisation among few and among many: by COPY, which is the default, and by pg_dump."""

from tests.bench.arena import BURST, Arena
from tests.bench.figures import TENANTRY, Row, median

FEW, MANY = 100, 600
ROUNDS = 15


def measure(arena: Arena) -> list[Row]:
    few, fewer = sample(arena, FEW)
    many, more = sample(arena, MANY)
    grown = {what: median(more[what]) / median(fewer[what]) for what in more}
    return [
        *(
            Row(f"backup by {way}, one of {many} organisations", "s", {TENANTRY: median(more[way])})
            for way in ("copy", "pg_dump")
        ),
        Row(
            f"backup by copy, {many} organisations against {few}: pages read",
            "fold",
            {TENANTRY: grown["pages"]},
            at_most=1.3,
        ),
        Row(f"backup by copy, {many} organisations against {few}", "fold", {TENANTRY: grown["copy"]}, at_most=1.3),
        Row(f"backup by pg_dump, {many} organisations against {few}", "fold", {TENANTRY: grown["pg_dump"]}),
    ]


def sample(arena: Arena, organisations: int) -> tuple[int, dict[str, list[float]]]:
    """How many organisations there were, and the seconds by way."""
    number = arena.ask(BURST, "have", organisations=organisations)
    return number, arena.ask(BURST, "back_up", rounds=ROUNDS)
