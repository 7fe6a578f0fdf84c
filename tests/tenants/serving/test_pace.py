"""Refusals: a flood of requests to unknown hosts, or beyond a queue, is answered at a limited rate, in few threads."""

import pytest

from tenants.serving import pace as module
from tenants.serving.pace import Pace


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """How long each has waited. The clock is stopped: all arrive at once."""
    slept: list[float] = []
    monkeypatch.setattr(module, "sleep", slept.append)
    monkeypatch.setattr(module, "monotonic", lambda: 100.0)
    return slept


def test_what_comes_faster_waits_for_its_moment(slept):
    pace = Pace(per_second=10, most_seconds=1)
    for _ in range(4):
        pace.keep()
    assert slept == pytest.approx([0, 0.1, 0.2, 0.3])


def test_no_more_wait_than_may_and_the_others_are_answered_at_once(slept):
    pace = Pace(per_second=10, most_seconds=0.25)
    for _ in range(10):
        pace.keep()
    assert slept == pytest.approx([0, 0.1, 0.2])


def test_a_single_request_does_not_wait(slept, monkeypatch):
    pace = Pace(per_second=10, most_seconds=1)
    pace.keep()
    monkeypatch.setattr(module, "monotonic", lambda: 101.0)
    pace.keep()
    assert slept == [0, 0]
