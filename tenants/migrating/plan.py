"""What brings a tenant to the template's state: the migrations that it lacks, or has too many, in steps."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import fields, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django_tenants.routers import TenantSyncRouter

from tenants.fingerprint import code_migrations, fingerprint

Key = tuple[str, str]


@dataclass(frozen=True)
class Move:
    """One migration, forwards or backwards, with the models as they are before it."""

    migration: Migration
    backwards: bool
    state: ProjectState

    @property
    def key(self) -> Key:
        return self.migration.app_label, self.migration.name

    @property
    def operations(self) -> list[Operation]:
        """In the order in which they are done."""
        return list(reversed(self.migration.operations) if self.backwards else self.migration.operations)

    @property
    def only_runs(self) -> bool:
        """Is it RunPython and RunSQL alone? Those leave the models as they are."""
        return all(
            isinstance(each, RunPython | RunSQL) and not getattr(each, "state_operations", None) and each.reversible
            for each in self.operations
        )


@dataclass
class Step:
    """Moves that are done in one transaction. `sql` is what they came to in the first tenant that did them."""

    moves: list[Move]
    can_be_replayed: bool
    fingerprint: str = ""  # of the schema, once the step is done
    sql: list[str] | None = None

    @property
    def is_atomic(self) -> bool:
        return all(move.migration.atomic for move in self.moves)


class MixedPlan(Exception):
    """A tenant lacks migrations that the template has, and has others that the template lacks."""


def applied_here() -> set[Key]:
    """The migrations that the current schema has seen."""
    return set(MigrationRecorder(connection).applied_migrations())


def steps_to(target: set[Key]) -> list[Step]:
    """The steps from the current tenant's state to `target`, the migrations of the template. Raises MixedPlan."""
    executor = MigrationExecutor(connection)
    full_plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    order = [migration for migration, _ in full_plan]
    applied = set(executor.loader.applied_migrations)
    forwards = [each for each in order if _key(each) in target - applied]
    backwards = [each for each in order if _key(each) in applied - target]
    if forwards and backwards:
        raise MixedPlan(f"It has {_names(backwards)}, which the template lacks, and lacks {_names(forwards)}.")
    states = states_before(executor, order, set(forwards or backwards), applied)
    moves = [Move(each, False, states[each]) for each in forwards]
    moves += [Move(each, True, states[each]) for each in reversed(backwards)]
    return with_fingerprints(in_steps(moves), applied)


def with_fingerprints(steps: list[Step], applied: set[Key]) -> list[Step]:
    """Tell each step which state it leads to."""
    for step in steps:
        for move in step.moves:
            applied = applied - {move.key} if move.backwards else applied | {move.key}
        step.fingerprint = fingerprint(code_migrations() & applied)
    return steps


def states_before(
    executor: MigrationExecutor, order: list[Migration], wanted: set[Migration], applied: set[Key]
) -> dict[Migration, ProjectState]:
    """The models as they are before each wanted migration, rendered once for all tenants."""
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    states = {}
    for migration in order:
        if migration in wanted:
            state.apps  # noqa: B018  rendering is a side effect, kept by the clones
            states[migration] = state
            state = migration.mutate_state(state, preserve=True)
        elif _key(migration) in applied:
            migration.mutate_state(state, preserve=False)
    return states


def in_steps(moves: Iterable[Move]) -> list[Step]:
    """Neighbours that can be replayed go together; anything else is a step of its own, as in Django."""
    steps: list[Step] = []
    for move in moves:
        if is_pure(move.migration) and steps and steps[-1].can_be_replayed:
            steps[-1].moves.append(move)
        else:
            steps.append(Step([move], can_be_replayed=is_pure(move.migration)))
    return steps


def is_pure(migration: Migration) -> bool:
    """Does it come to the same SQL in every tenant? Migrations of apps that live in `public` come to none at all."""
    if not TenantSyncRouter().app_in_list(migration.app_label, settings.TENANT_APPS):
        return True
    return migration.atomic and all(is_schema_change(operation) for operation in migration.operations)


def is_schema_change(operation: Operation) -> bool:
    """Is it one of Django's own operations on models and fields? Whatever else there is may look at rows."""
    if isinstance(operation, SeparateDatabaseAndState):
        return all(is_schema_change(each) for each in operation.database_operations)
    own = type(operation).__module__ in (models.__name__, fields.__name__)
    return own and not isinstance(operation, RunPython | RunSQL)


def _key(migration: Migration) -> Key:
    return migration.app_label, migration.name


def _names(migrations: list[Migration]) -> str:
    return ", ".join(str(each) for each in migrations)
