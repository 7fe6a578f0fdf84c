"""`migrate` for all organisations: with nothing to do, and adding a column."""

from tests.bench.arena import Arena
from tests.bench.columns import name_of_column
from tests.bench.figures import ALL, PLAIN, PLAIN_FAST, SINGLE, TENANTRY, Row, median, medians
from tests.bench.processes import BenchFailed

COMMANDS = {
    PLAIN: ["migrate_schemas", "--executor=standard"],
    PLAIN_FAST: ["migrate_schemas", "--executor=multiprocessing"],
    SINGLE: ["migrate"],
    TENANTRY: ["migrate"],
}
# The goals are for so many: with fewer, it is Python's start that is measured.
MANY = 500
# It takes them long, as a sum over all organisations already: they are in the first round only.
ONCE = (PLAIN, PLAIN_FAST)
# django-tenants goes from one schema to the next, each at the same cost: it migrates so many, among the schemas of all.
PART = 25
COLUMNS = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = %s AND NOT a.attisdropped))
FROM pg_class c WHERE c.relname = 'profiles_profile' AND c.relkind = 'r'
"""
Rounds = dict[str, list[float]]


def measure(arena: Arena) -> list[Row]:
    start = median([arena.manage(PLAIN, "migrate_schemas", "--shared") for _ in range(2)])
    arena.ask(PLAIN_FAST, "keep", organisations=PART)
    idle: Rounds = {name: [] for name in ALL}
    adding: Rounds = {name: [] for name in ALL}
    for number in range(arena.size.columns):
        # Tenantry before and after the others: what disturbs them for minutes disturbs it too.
        for name in (TENANTRY, SINGLE, *(() if number else ONCE)):
            idle[name].append(arena.manage(name, *COMMANDS[name], columns=number))
            adding[name].append(arena.manage(name, *COMMANDS[name], columns=number + 1))
            check_columns(arena, name, name_of_column(number + 1), part(arena) if name == PLAIN_FAST else None)
    return [
        *rows(arena, "migrate with nothing to do", idle, start, 100),
        *rows(arena, "add a column", adding, start, 25),
    ]


def part(arena: Arena) -> int:
    return min(PART, arena.size.of(PLAIN_FAST))


def check_columns(arena: Arena, name: str, column: str, expected: int | None) -> None:
    """Raises BenchFailed if the column is not in every schema, or in so many: then there is nothing to compare."""
    ((tables, columns),) = arena.query(COLUMNS, [column], f"bench_{name}")
    if columns < (expected or tables):
        raise BenchFailed(f"{name} has added the column to {columns} of {expected or tables} organisations.")


def rows(arena: Arena, work: str, rounds: Rounds, start: float, at_least: float) -> list[Row]:
    """For all organisations; and for each of them, since the plain default has fewer."""
    number = arena.size.organisations
    seconds = medians(rounds)
    seconds[PLAIN_FAST] = start + (seconds[PLAIN_FAST] - start) * number / part(arena)
    whole = {name: seconds[name] for name in (PLAIN_FAST, SINGLE, TENANTRY)}
    each = {
        PLAIN: (seconds[PLAIN] - start) / arena.size.few,
        PLAIN_FAST: seconds[PLAIN_FAST] / number,
        TENANTRY: seconds[TENANTRY] / number,
    }
    return [
        Row(
            f"{work}, {number} organisations",
            "s",
            whole,
            against=(PLAIN_FAST,),
            at_least=at_least if number >= MANY else None,
            note="Whole commands with Python's start. Tenantry: default jobs. django-tenants: two processes, "
            f"{part(arena)} organisations, and so on for the others.",
            rounds=rounds,
        ),
        Row(
            f"{work}, for each of them",
            "s",
            each,
            note=f"plain: standard executor over {arena.size.few}, less its start. Others: total / N.",
        ),
    ]
