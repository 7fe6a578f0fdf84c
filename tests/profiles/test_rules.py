"""The rules of members and invitations as a machine; `make torture` plays it for longer."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.torture.machine import Organisations

FEW = settings(
    max_examples=2,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_no_story_breaks_the_rules(acme, globex):
    run_state_machine_as_test(type("Both", (Organisations,), {"tenants": (acme, globex)}), settings=FEW)
