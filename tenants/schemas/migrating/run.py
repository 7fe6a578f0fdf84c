"""Migrates all tenants that are behind, in parallel. Each fails or succeeds alone."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import groupby

from django.conf import settings
from django.db import connections

from shared.capabilities.registry import imported
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.migrating.plan import Key, Step, steps_to
from tenants.schemas.migrating.steps import do_steps, is_busy

# How often a busy organisation is tried. When only busy ones are left, pauses follow, each twice as long as the last.
TRIES = 5
PAUSE_SECONDS = 0.5


@dataclass
class Outcome:
    """The outcome for one tenant. `done`: how many steps are done; `seconds`: its own time, without waiting for others;
    `differed`: the recorded SQL failed here, and Django produced it separately.
    """

    tenant: Tenant
    steps: list[Step] = field(default_factory=list)
    done: int = 0
    seconds: float = 0
    differed: bool = False
    error: Exception | None = None

    @property
    def left(self) -> list[Step]:
        return self.steps[self.done :]


class StillBusy(Exception):
    """Other transactions held a lock on a tenant's tables at each attempt."""


Listener = Callable[[Outcome], None]


def follow(tenants: Iterable[Tenant], target: set[Key], *, jobs: int, fake: bool, heard: Listener) -> None:
    """Bring tenants to the template's state, the migrations in `target`. `heard` is called after each tenant, in any
    thread. Busy tenants are tried again after the others.
    """
    run = Run(target, jobs, fake, heard)
    # No fingerprint: its migration was interrupted, and only its own schema shows where.
    known = sorted(tenants, key=lambda tenant: (tenant.fingerprint, tenant.pk))
    for _, group in groupby(known, key=lambda tenant: tenant.fingerprint or tenant.schema_name):
        run.group(list(group))
    for number in range(TRIES - 1):
        if run.busy:
            time.sleep(PAUSE_SECONDS * 2**number)
            run.at_once(run.take_busy())
    for outcome in run.take_busy():
        outcome.error = StillBusy(
            f"Its tables were locked by another session at each of {TRIES} attempts. pg_stat_activity shows which, "
            f"as '{settings.DATABASE_ROLE_PREFIX} {outcome.tenant.schema_name} …' if it belongs to this product. "
            f"{outcome.error}"
        )
        heard(outcome)


@dataclass
class Run:
    """One run of `migrate`: its target, its options, its listener, and the busy tenants to try again."""

    target: set[Key]
    jobs: int
    fake: bool
    heard: Listener
    busy: list[Outcome] = field(default_factory=list)

    def take_busy(self) -> list[Outcome]:
        busy, self.busy = self.busy, []
        return busy

    def group(self, tenants: Sequence[Tenant]) -> None:
        """Migrate tenants at the same state: the first one records the SQL of the steps, the others replay it."""
        first = Outcome(tenants[0])
        self.attempt(first)
        self.at_once([Outcome(tenant, first.steps) for tenant in tenants[1:]])

    def at_once(self, outcomes: Iterable[Outcome]) -> None:
        """Attempt all of them, `jobs` at a time."""
        queue = deque(outcomes)

        def work() -> None:
            while queue:
                try:
                    outcome = queue.popleft()
                except IndexError:
                    return  # Another thread took the last one.
                self.attempt(outcome)

        def work_in_thread() -> None:
            try:
                work()
            finally:
                connections.close_all()

        if self.jobs == 1 or len(queue) == 1:
            work()
            return
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                for done in [pool.submit(copy_context().run, work_in_thread) for _ in range(self.jobs)]:
                    done.result()
            finally:
                queue.clear()  # Interrupted: running attempts finish, and no other one starts.

    def attempt(self, outcome: Outcome) -> None:
        """Do the remaining steps in one tenant."""
        began = time.monotonic()
        try:
            self.advance(outcome)
            outcome.error = None
        except Exception as error:  # noqa: BLE001  reported for this organisation; the others go on
            outcome.error = error
        outcome.seconds += time.monotonic() - began
        if outcome.error is not None and is_busy(outcome.error):
            self.busy.append(outcome)
        else:
            self.heard(outcome)

    def advance(self, outcome: Outcome) -> None:
        if not outcome.steps:
            with within(outcome.tenant):
                outcome.steps = steps_to(self.target)
        while outcome.left:
            apart = any(are_apart(outcome.tenant) for are_apart in imported("steps_apart"))
            together = outcome.left[:1] if apart else neighbours(outcome.left, fake=self.fake)
            outcome.differed |= do_steps(outcome.tenant, together, fake=self.fake, apart=apart)
            outcome.done += len(together)


def neighbours(steps: Sequence[Step], *, fake: bool) -> list[Step]:
    """The first steps that go into one transaction: as many as possible, so that a failure leaves no partial state."""
    for number, step in enumerate(steps):
        if not step.is_atomic and not fake:
            return list(steps[: number or 1])
    return list(steps)
