"""The operators' console: the census of all organisations, and a page of the list among many and among few."""

from tests.bench.arena import PEOPLE, Arena
from tests.bench.figures import TENANTRY, Row, quantile

FEW, MANY = 100, 10_000
ROUNDS = 30


def measure(arena: Arena) -> list[Row]:
    if not arena.has_grown:  # Ours alone: nothing is compared here.
        arena.ask(TENANTRY, "grow", organisations=arena.size.of(TENANTRY), people=PEOPLE)
    arena.ask(TENANTRY, "census")  # What a process loads once does not count.
    seconds, mebibytes, number = arena.ask(TENANTRY, "census")
    few, many = (p95(arena.ask(TENANTRY, "list_organisations", organisations=n, rounds=ROUNDS)) for n in (FEW, MANY))
    return [
        Row("census of 1,000 organisations", "s", {TENANTRY: seconds / number * 1000}, at_most=20),
        Row("census: more memory at the peak", "MiB", {TENANTRY: mebibytes}, at_most=200),
        Row(f"list at {MANY:,} organisations against {FEW}, p95", "fold", {TENANTRY: many / few}, at_most=1.2),
    ]


def p95(seconds: list[float]) -> float:
    return quantile(seconds, 0.95)
