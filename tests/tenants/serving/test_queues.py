"""Queues: each waiting request keeps a thread, so all that flood wait in some of the threads together."""

from tenants.serving.queues import Queues
from tenants.serving.turn import Turn


def arrivals(queues: Queues[Turn], *organisations: str, is_admitted: bool = False) -> list[str]:
    """One request of each comes, in this order. Returns whose requests were refused."""
    refused = []
    for organisation in organisations:
        queues.join(organisation, Turn(is_admitted=is_admitted))
        before = {turn: name for name, queue in queues.items() for turn in queue}
        refused += [before[turn] for turn in queues.surplus()]
    return refused


def lengths(queues: Queues[Turn]) -> dict[str, int]:
    return {name: len(queue) for name, queue in queues.items()}


def test_several_floods_share_what_one_would_have():
    """One that comes later gets as much: the longest queue gives it, from its end."""
    queues: Queues[Turn] = Queues(short=2, longest=12)
    assert arrivals(queues, *["acme"] * 20) == ["acme"] * 8
    first = queues["acme"][0]
    arrivals(queues, *["globex"] * 20, *["initech"] * 20)
    assert lengths(queues) == {"acme": 4, "globex": 4, "initech": 4}
    assert queues["acme"][0] is first


def test_short_queues_beside_them_are_whole():
    queues: Queues[Turn] = Queues(short=2, longest=6)
    arrivals(queues, *["acme"] * 9)
    assert arrivals(queues, "globex", "globex", "initech", "initech") == []
    assert lengths(queues) == {"acme": 6, "globex": 2, "initech": 2}


def test_what_has_been_answered_in_part_is_not_refused_and_counts_for_none():
    queues: Queues[Turn] = Queues(short=1, longest=3)
    assert arrivals(queues, *["acme"] * 9, is_admitted=True) == []
    assert arrivals(queues, *["globex"] * 4) == ["globex"]
    assert arrivals(queues, "acme") == []
    assert lengths(queues) == {"acme": 10, "globex": 3}


def test_they_are_served_in_order_and_the_organisations_by_turns():
    queues: Queues[Turn] = Queues(short=1, longest=9)
    arrivals(queues, "acme", "acme", "globex")
    turns = queues["acme"].copy()
    assert [queues.first("acme"), list(queues)] == [turns[0], ["globex", "acme"]]
    assert [queues.first("acme"), list(queues)] == [turns[1], ["globex"]]
