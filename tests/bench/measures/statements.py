"""What the pages ask of the database, and what a change of organisation costs."""

from tests.bench.arena import Arena, by_turns
from tests.bench.figures import ALL, PLAIN, PLAIN_FAST, SINGLE, TENANTRY, Row, medians
from tests.bench.measures.pages import PAGES

REQUESTS = 10
TIMES = 1000


def measure(arena: Arena) -> list[Row]:
    rows = [row for title, path in PAGES.items() for row in counted(arena, title, path)]
    return [*rows, one_query(arena)]


def counted(arena: Arena, title: str, path: str) -> list[Row]:
    """Queries, and statements that only switch: in one organisation, and where two take turns."""
    one = {
        name: arena.ask(name, "statements", path=path, seats=arena.seats(name)[:1], requests=REQUESTS) for name in ALL
    }
    two = {
        name: arena.ask(name, "statements", path=path, seats=arena.seats(name)[:2], requests=REQUESTS)
        for name in (PLAIN, PLAIN_FAST, TENANTRY)
    }
    return [
        Row(f"{title}: queries", "", {name: queries for name, (queries, _) in one.items()}),
        Row(f"{title}: switches of schema", "", {name: switches for name, (_, switches) in one.items()}),
        Row(
            f"{title}: switches, two organisations by turns",
            "",
            {name: switches for name, (_, switches) in two.items()},
        ),
    ]


def one_query(arena: Arena) -> Row:
    rounds: dict[str, list[float]] = {name: [] for name in ALL}
    for number in range(-1, arena.size.rounds):
        for name in by_turns(ALL, number):
            seconds = arena.ask(name, "one_query", times=TIMES)
            if number >= 0:
                rounds[name].append(seconds)
    return Row(
        "SELECT 1, each in another organisation",
        "s",
        medians(rounds),
        against=(SINGLE,),
        note="single has no other organisation: the difference from it is the switch.",
        rounds=rounds,
    )
