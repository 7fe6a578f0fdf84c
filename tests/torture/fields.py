"""Many members with many fields of their organisation's own: lists and searches stay as fast as without."""

from collections.abc import Callable, Iterator
from random import Random
from statistics import median

from tests.bench.contestants.own_fields import FIELDS, PATHS, fill, made, timed
from tests.torture.arena import Arena
from tests.torture.outages import Outage

# Most times as long as without fields.
MOST = 1.2
ROUNDS = 40


def play(arena: Arena, random: Random, members: int, say: Callable[[str], None]) -> Iterator[Outage]:
    """Two organisations of so many members, one with fields, are asked in turn."""
    del arena  # Has made the database.
    outage = Outage(f"{members} members with {FIELDS} fields")
    say(f"making two organisations of {members} members")
    plain, filled = (made(f"fields-{random.randrange(10**9)}", members) for _ in range(2))
    say("filling the fields in")
    outage.figures.append(f"the words of all members are written in {fill(filled):.0f} s")
    for name, path in PATHS.items():
        say(name)
        without, having = (median(seconds) for seconds in timed(plain, filled, path, ROUNDS))
        outage.figures.append(f"{name} {without * 1000:.1f} ms without, {having * 1000:.1f} ms with fields")
        outage.demand(having <= MOST * without, f"{name} takes {having / without:.2f} times as long")
    yield outage
