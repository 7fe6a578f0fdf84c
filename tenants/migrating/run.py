"""All tenants that are behind, in parallel: each fails or succeeds alone."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue

from django.db import connections

from tenants.context import within
from tenants.migrating.plan import Key, Step, applied_here, steps_to
from tenants.migrating.steps import do_step, is_busy
from tenants.models import Tenant

# How often a busy organisation is tried again, and how long the first pause is; each further one is twice as long.
TRIES = 5
PAUSE_SECONDS = 0.5


@dataclass
class Outcome:
    """What became of one tenant. `seconds` is its own time, without the wait for its turn."""

    tenant: Tenant
    steps: list[Step]
    seconds: float = 0
    differed: bool = False
    error: Exception | None = None


Listener = Callable[[Outcome], None]


def follow(tenants: Iterable[Tenant], target: set[Key], *, jobs: int, fake: bool, heard: Listener) -> None:
    """Bring tenants to the template's state, the migrations in `target`; `heard` is called after each, in this thread
    or another. Those at the same state are a group: its first one is worked out, the others repeat what it did."""
    known = sorted(tenants, key=lambda tenant: tenant.fingerprint)
    for fingerprint, group in groupby(known, key=lambda tenant: tenant.fingerprint):
        # No fingerprint: it was left in the middle, and only its own schema knows where.
        waiting = list(group)
        while waiting:
            steps = lead(waiting.pop(0), target, fake=fake, heard=heard)
            if steps is not None and fingerprint:
                repeat(waiting, steps, jobs=jobs, fake=fake, heard=heard)
                break


def lead(tenant: Tenant, target: set[Key], *, fake: bool, heard: Listener) -> list[Step] | None:
    """Work the steps out in the first of a group. None if that failed: then the next one leads."""
    outcome = Outcome(tenant, [])
    try:
        with within(tenant):
            outcome.steps = steps_to(target)
    except Exception as error:  # noqa: BLE001  reported as this organisation's
        outcome.error = error
    else:
        attempt(outcome, fake=fake)
    heard(outcome)
    return None if outcome.error else outcome.steps


def repeat(tenants: list[Tenant], steps: list[Step], *, jobs: int, fake: bool, heard: Listener) -> None:
    """The same steps in all others, `jobs` at a time."""
    queue: SimpleQueue[Tenant] = SimpleQueue()
    for tenant in tenants:
        queue.put(tenant)

    def work() -> None:
        while True:
            try:
                tenant = queue.get_nowait()
            except Empty:
                return
            outcome = Outcome(tenant, steps)
            attempt(outcome, fake=fake)
            heard(outcome)

    def work_in_thread() -> None:
        try:
            work()
        finally:
            connections.close_all()

    if jobs == 1:
        work()
        return
    with ThreadPoolExecutor(jobs) as pool:
        for done in [pool.submit(copy_context().run, work_in_thread) for _ in range(jobs)]:
            done.result()


def attempt(outcome: Outcome, *, fake: bool) -> None:
    """Do the steps in one tenant, again after a pause where somebody holds a lock."""
    began = time.monotonic()
    left = list(outcome.steps)
    for number in range(TRIES):
        try:
            while left:
                outcome.differed |= do_step(outcome.tenant, left[0], fake=fake)
                left.pop(0)
            outcome.error = None
            break
        except Exception as error:  # noqa: BLE001  reported as this organisation's; the others go on
            outcome.error = error
            if not is_busy(error):
                break
            time.sleep(PAUSE_SECONDS * 2**number)
    outcome.seconds = time.monotonic() - began


def target_of(template: Tenant) -> set[Key]:
    """The migrations that the template has seen, which all tenants follow."""
    with within(template):
        return applied_here()
