"""Starts a run, works through its rows in batches, and undoes it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from profiles.bulk_actions.models import Run
from profiles.bulk_actions.rows import action_named
from profiles.language import in_words_of
from profiles.members.changes import locked
from profiles.models import User
from profiles.people.bulk import Outcome
from profiles.roles import manages_members
from profiles.seats import lock
from tenants.tasks import tenant_task

# The number of rows that are locked and changed in one transaction. More than one batch is done by a job.
BATCH = 200


@transaction.atomic
def start(*, actor: User, list_name: str, action: str, rows: list[int], values: dict[str, Any]) -> Run:
    """Run an action on these rows: now, or in a job if there are more than BATCH. Raises PermissionDenied."""
    people = claim(actor)
    if actor.pk not in people or not manages_members(people[actor.pk]):
        raise PermissionDenied
    run = Run.objects.create(
        actor=actor, list_name=list_name, action=action, values=values, total=len(rows), waiting=sorted(rows)
    )
    if len(rows) > BATCH:
        work.defer(run=str(run.pk))
    else:
        run = go_on(run.pk)
    return run


def claim(actor: User | None) -> dict[int, User]:
    """Lock what comes before a run's row (profiles/members/changes.py): some actions take seats, and removing the actor
    changes the row.
    """
    lock()
    return locked(*filter(None, [actor]))


@transaction.atomic
def go_on(pk: Any) -> Run:
    """Do the next batch of a run, and store its outcome in the same transaction."""
    claim(Run.objects.select_related("actor").get(pk=pk).actor)
    run = Run.objects.select_for_update(of=["self"]).select_related("actor").get(pk=pk)
    batch, run.waiting = run.waiting[:BATCH], run.waiting[BATCH:]
    outcome = attempt(run, batch)
    if outcome is None:
        outcome = Outcome(refused={"not_yours": [*batch, *run.waiting]})
        run.waiting = []
    run.done += outcome.done
    run.former |= outcome.former
    for reason, keys in outcome.refused.items():
        if keys:
            run.refused.setdefault(reason, []).extend(keys)
    run.save(update_fields=["waiting", "done", "former", "refused"])
    return run


@tenant_task(name="profiles.bulk_actions", retry=3)
def work(run: str) -> None:
    """Do batch after batch, each in its own transaction, so that a retried job continues where it stopped."""
    while not go_on(run).is_over:
        pass


def attempt(run: Run, batch: list[int]) -> Outcome | None:
    """None if the actor may no longer do it, or the action's app was taken out."""
    action = action_named(run.action)
    if not batch or run.actor is None or action is None:
        return None
    try:
        with in_words_of(run.actor), transaction.atomic():
            return action.do(actor=run.actor, rows=batch, values=run.values)
    except PermissionDenied:
        return None


@transaction.atomic
def undo(*, run: Run) -> Run | None:
    """Undo a finished run, once; None if that is impossible. The result is another run."""
    claim(run.actor)
    run = Run.objects.select_for_update(of=["self"]).select_related("actor").get(pk=run.pk)
    back = backwards(run)
    if back is None or run.actor is None:
        return None
    run.undone = True
    run.save(update_fields=["undone"])
    name, values = back
    again = start(actor=run.actor, list_name=run.list_name, action=name, rows=run.done, values=values)
    again.undone = True  # Undoing an undo would repeat the action, which has its own page.
    again.save(update_fields=["undone"])
    return again


def backwards(run: Run) -> tuple[str, dict[str, Any]] | None:
    """The action that undoes the run, and its values."""
    action = action_named(run.action)
    return action.undo(run.former, run.values) if action and run.is_over and run.done and not run.undone else None
