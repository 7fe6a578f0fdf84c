"""Rests within a request of an organisation that floods: between its statements, and between the rows of its list.

Threads of a process take turns at the processor. A long request beside two others makes each of them half as slow again
for as long as it runs. With the same rests in small parts, it runs longer, and slows the others a little all the time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from shared.pauses import pausing
from tenants.serving.turn import Turn
from tenants.serving.turns import Turns, running_turn


@contextmanager
def resting() -> Iterator[None]:
    """Let the running request rest, if its organisation floods already."""
    if (own := running_turn.get(None)) is None or not own[0].is_flood(own[1]):
        yield
        return
    with pausing(partial(rest, *own)):
        yield


def rest(turns: Turns, organisation: str, turn: Turn) -> None:
    """Not in a transaction: others may wait for its locks."""
    if not connection.in_atomic_block and (seconds := turns.rest_within(organisation, turn)):
        time.sleep(seconds)
