"""A node is lost while an organisation is placed or taken back: a sentence says what happened, nothing is torn, and the
same call goes on when the node is back.
"""

from collections.abc import Iterator
from threading import Timer
from typing import NamedTuple

import pytest
from django.db import OperationalError, connection

from tenants.context import within
from tenants.models import Tenant
from tenants.nodes.engine import node_named
from tenants.nodes.errors import NotPlaced
from tenants.nodes.placing import Teller, bring
from tenants.schemas.drift import differences
from tests.nodes.cluster import Cluster
from tests.nodes.conftest import node_of
from tests.nodes.test_lost import page
from tests.nodes.test_placing import state, works

AGAIN = "Start it again when all nodes answer. It goes on where it stopped."


class Loss(NamedTuple):
    here: str | None  # where the organisation is
    there: str | None  # where it is brought
    step: str  # the step at which a node is stopped
    seconds: float  # and after how long
    number: int  # the node
    said: str


LOST = {
    "the target while rows are copied": Loss(None, "n1", "copying", 0, 1, "It is on the coordinator, and works."),
    "another node while rows are copied": Loss(None, "n1", "copying", 0, 2, "It is on the coordinator, and works."),
    "the target before the move": Loss("n2", "n1", "moving", 0, 1, "It is on n2, and works."),
    "the target in the middle of the move": Loss("n2", "n1", "moving", 1, 1, "It is on n2, and works."),
    "the source before the move": Loss("n2", "n1", "moving", 0, 2, "It is on n2: its people get error 503"),
    "the source in the middle of the move": Loss("n2", "n1", "moving", 1, 2, "It is on n2: its people get error 503"),
    "the source on the way back": Loss("n2", None, "moving", 1, 2, "It is on n2: its people get error 503"),
    "another node at the end of the way back": Loss("n2", None, "copying", 0, 1, "It is on n0, and works."),
}


@pytest.fixture
def stop(cluster: Cluster) -> Iterator[object]:
    """A function that makes a teller which stops a node at a step."""
    timers: list[Timer] = []

    def at(step: str, seconds: float, number: int) -> Teller:
        def tell(what: str) -> None:
            if what.startswith(step):
                timers.append(Timer(seconds, cluster.nodes[number].stop))
                timers[-1].start()
                if not seconds:
                    timers[-1].join()

        return tell

    yield at
    for timer in timers:
        timer.join()
    for node in cluster.workers:
        if not node.is_running():
            node.start()


def bring_to(tenant: Tenant, name: str | None, tell: Teller = print) -> None:
    bring(tenant, node_named(name) if name else None, tell)


@pytest.mark.parametrize("loss", LOST.values(), ids=LOST)
def test_a_node_is_lost(hooli, cluster, stop, loss):
    with within(hooli), connection.cursor() as cursor:
        cursor.execute("UPDATE profiles_profile SET bio = repeat('a', 10000)")
    if loss.here:
        bring_to(hooli, loss.here)
    before = state(hooli)
    with pytest.raises(NotPlaced) as error:
        bring_to(hooli, loss.there, stop(loss.step, loss.seconds, loss.number))
    assert f"does not answer: n{loss.number}. {loss.said}" in str(error.value)
    assert str(error.value).endswith(AGAIN)
    connection.close()
    assert page(hooli) == (503 if "503" in loss.said else 200)
    with pytest.raises(NotPlaced, match=f"n{loss.number} does not answer"):
        bring_to(hooli, loss.there)
    cluster.nodes[loss.number].start()
    assert state(hooli) == before
    works(hooli)
    before = state(hooli)
    bring_to(hooli, loss.there)
    assert (node_of(hooli), state(hooli), list(differences([hooli]))) == (loss.there, before, [])
    connection.close()


def test_the_coordinator_is_lost(hooli, cluster, stop):
    """Nothing can be asked then. It goes on when the coordinator is back."""
    bring_to(hooli, "n2")
    before = state(hooli)
    try:
        with pytest.raises(OperationalError):
            bring_to(hooli, "n1", stop("moving", 1, 0))
    finally:
        connection.close()
        if not cluster.coordinator.is_running():
            cluster.coordinator.start()
    assert state(hooli) == before
    works(hooli)
    before = state(hooli)
    bring_to(hooli, "n1")
    assert (node_of(hooli), state(hooli), list(differences([hooli]))) == ("n1", before, [])
    connection.close()
