"""Lists and searches of very many members with fields of their organisation's own, beside the same without them."""

from tests.bench.arena import Arena
from tests.bench.figures import TENANTRY, Row, median

ROUNDS = 40


def measure(arena: Arena) -> list[Row]:
    number = arena.size.members
    found = arena.ask(TENANTRY, "own_fields", members=number, rounds=ROUNDS)
    return [row(f"{work}: {number:,} members with {found['fields']} fields", *pair) for work, pair in found["pairs"]]


def row(work: str, without: list[float], having: list[float]) -> Row:
    return Row(
        work,
        "fold",
        {TENANTRY: median(having) / median(without)},
        at_most=1.2,
        note=f"{median(without) * 1000:.0f} ms without fields, {median(having) * 1000:.0f} ms with them.",
    )
