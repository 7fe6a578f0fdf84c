"""The state machine of tests/torture/machine.py, played for long."""

import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from profiles.testing import make_people, new_organisation
from tests.torture.bulk import Bulk
from tests.torture.machine import within

STEPS = 40
MEMBERS = ("change_role", "deactivate", "reactivate", "remove", "leave", "sign_in", "change_email", "all_at_once")
OWNERSHIP = ("offer", "take_over")
JOINING = ("ask_by_link", "ask_to_join", "decide")
BULK = ("act_in_bulk", "undo", "act_on_invitations")
# Hypothesis draws for each story which rules it plays. A third of the stories plays with all of them, and a third each
# without some, so that joining and bulk actions come as often as the rest.
LEFT_OUT = ((), MEMBERS + OWNERSHIP + BULK, MEMBERS + OWNERSHIP + JOINING)


@dataclass
class Play:
    """What came of the stories. `outcomes` counts what was done and what was refused."""

    stories: int
    steps: int = STEPS
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def play(stories: int, number: int, say: Callable[[str], None]) -> Play:
    """Play so many stories, drawn from a seed."""
    say(f"playing {stories} stories, hypothesis' seed {number}")
    tenants = new_organisation("rules"), new_organisation("other-rules")
    for tenant in tenants:
        with within(tenant):
            make_people(str(tenant.slug))
    played = Play(stories)
    for left_out in LEFT_OUT:
        # A rule that is overridden by None is none.
        parts = dict.fromkeys(left_out) | {"tenants": tenants, "outcomes": played.outcomes}
        machine = seed(number)(type("Bulk", (Bulk,), parts))
        try:
            run_state_machine_as_test(machine, settings=many(stories // len(LEFT_OUT)))
        except Exception as error:  # noqa: BLE001  the report has it, with the shortest story that shows it
            played.faults.append("".join(traceback.format_exception_only(error)))
    return played


def many(stories: int) -> settings:
    return settings(
        max_examples=stories,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
