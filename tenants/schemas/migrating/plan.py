"""Plans how a tenant reaches the template's state: the migrations to apply or to reverse, in steps."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import fields, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field
from django_tenants.routers import TenantSyncRouter

from tenants.fingerprint import code_migrations, fingerprint
from tenants.schemas.migrating.gaps import gaps, not_rendered

Key = tuple[str, str]

# Callable defaults that return the same value each time, and Django's marker for no default, which is a class.
EMPTY = (NOT_PROVIDED, bool, bytes, dict, float, int, list, set, str, tuple)


@dataclass(frozen=True)
class Move:
    """One migration, forwards or backwards, with the state of the models before it."""

    migration: Migration
    backwards: bool
    state: ProjectState
    has_gap: bool = True  # code that does not know the migration cannot continue (gaps.py)

    @property
    def key(self) -> Key:
        return key_of(self.migration)

    @property
    def operations(self) -> list[Operation]:
        """In the order of execution."""
        return list(reversed(self.migration.operations) if self.backwards else self.migration.operations)

    @property
    def only_runs(self) -> bool:
        """Does it have RunPython and RunSQL alone? Those do not change the models."""
        return all(
            isinstance(each, RunPython | RunSQL) and not getattr(each, "state_operations", None) and each.reversible
            for each in self.operations
        )


@dataclass
class Step:
    """Moves that belong together. `sql` is the SQL that they produced in the first tenant.

    `recorded` and `forgotten` are rows of django_migrations to insert and to delete. `before` and `after` are the last
    migration of each affected app, as `migrate` accepts it on the command line.
    """

    moves: list[Move]
    can_be_replayed: bool
    sql: list[str] | None = None
    recorded: set[Key] = field(default_factory=set)
    forgotten: set[Key] = field(default_factory=set)
    fingerprint: str = ""  # of the schema, once the step is done
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    ends_code: bool = False  # It is the last step, and RunPython or RunSQL may have written rows before.

    @property
    def has_gap(self) -> bool:
        return any(move.has_gap for move in self.moves)

    @property
    def is_atomic(self) -> bool:
        return all(move.migration.atomic for move in self.moves)


class CannotFollow(Exception):
    """There is no way from a tenant's state to the template's. The message is a sentence."""


def applied_here() -> set[Key]:
    """The migrations that the current schema has seen."""
    return set(MigrationRecorder(connection).applied_migrations())


def steps_to(target: set[Key]) -> list[Step]:
    """The steps from the current tenant's state to `target`, the migrations of the template. Raises CannotFollow."""
    rows = applied_here()
    if not rows:
        raise CannotFollow("Its schema is empty or missing.")
    executor = MigrationExecutor(connection)
    refuse_gap(executor.loader)
    full_plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    order = [migration for migration, _ in full_plan]
    applied = set(executor.loader.applied_migrations)
    forwards = [each for each in order if key_of(each) in target - applied]
    backwards = [each for each in order if key_of(each) in applied - target]
    if forwards and backwards:
        raise CannotFollow(f"It has {_names(backwards)}, which the template lacks, and lacks {_names(forwards)}.")
    states = states_before(executor, order, set(forwards or backwards), applied)
    moves = [Move(each, True, states[each]) for each in reversed(backwards)]
    if forwards:
        # As in Django's own command.
        present = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
        judged = gaps([(each, False) for each in forwards], present)
        moves = [Move(each, False, states[each], bool(reasons)) for each, reasons in judged]
    return with_rows(in_steps(moves), rows, target & set(executor.loader.disk_migrations), order)


def refuse_gap(loader: MigrationLoader) -> None:
    """Raise CannotFollow if the schema has only some of the migrations that a squashed one replaces, and the code no
    longer has the others. Django would silently skip the squashed one.
    """
    for key, squashed in loader.replacements.items():
        lost = [
            each for each in squashed.replaces if each not in loader.disk_migrations.keys() | loader.applied_migrations
        ]
        if lost and key not in loader.graph.nodes:
            names = ", ".join(".".join(each) for each in lost)
            raise CannotFollow(
                f"It has only a part of what {squashed} replaces, and this code has no {names}. "
                "First run `manage.py migrate` of the version that still has it."
            )


def with_rows(steps: list[Step], rows: set[Key], target: set[Key], order: list[Migration]) -> list[Step]:
    """Set what each step records, and the state that it leads to. A last step records rows that no move does: those
    that Django records for squashed migrations, and the state of a schema whose fingerprint was lost.
    """
    for step in steps:
        step.before = standing(step, rows, order)
        for move in step.moves:
            keys = {move.key, *move.migration.replaces}
            step.forgotten |= keys & rows if move.backwards else set()
            step.recorded |= set() if move.backwards else keys - rows
            rows = rows - keys if move.backwards else rows | keys
        step.fingerprint = fingerprint(code_migrations() & rows)
        step.after = standing(step, rows, order)
    if not steps or target - rows:
        last = Step([], can_be_replayed=True, sql=[], recorded=target - rows)
        last.fingerprint = fingerprint(code_migrations() & (rows | target))
        steps.append(last)
    steps[-1].ends_code = any(not step.can_be_replayed for step in steps)
    return steps


def standing(step: Step, rows: set[Key], order: list[Migration]) -> dict[str, str]:
    """The last applied migration of each app that the step affects."""
    last = {move.migration.app_label: "zero" for move in step.moves}
    return last | {each.app_label: each.name for each in order if each.app_label in last and key_of(each) in rows}


def states_before(
    executor: MigrationExecutor, order: list[Migration], wanted: set[Migration], applied: set[Key]
) -> dict[Migration, ProjectState]:
    """The state of the models before each wanted migration, rendered once for all tenants."""
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    states = {}
    for migration in order:
        if migration in wanted:
            state.apps  # noqa: B018  rendering is a side effect, kept by the clones
            states[migration] = state
            state = migration.mutate_state(state, preserve=True)
        elif key_of(migration) in applied:
            state = migration.mutate_state(not_rendered(state), preserve=False)
    return states


def in_steps(moves: Iterable[Move]) -> list[Step]:
    """Consecutive moves that can be replayed form one step; any other move is a step of its own, as in Django."""
    steps: list[Step] = []
    for move in moves:
        if is_pure(move.migration) and steps and steps[-1].can_be_replayed:
            steps[-1].moves.append(move)
        else:
            steps.append(Step([move], can_be_replayed=is_pure(move.migration)))
    return steps


def is_pure(migration: Migration) -> bool:
    """Does it produce the same SQL in every tenant? Migrations of apps in `public` produce none here."""
    if not TenantSyncRouter().app_in_list(migration.app_label, settings.TENANT_APPS):
        return True
    return migration.atomic and all(is_schema_change(operation) for operation in migration.operations)


def is_schema_change(operation: Operation) -> bool:
    """Is it one of Django's own operations on models and fields? Any other operation may depend on rows."""
    if isinstance(operation, SeparateDatabaseAndState):
        return all(is_schema_change(each) for each in operation.database_operations)
    own = type(operation).__module__ in (models.__name__, fields.__name__)
    return own and not isinstance(operation, RunPython | RunSQL) and not draws_a_value(operation)


def draws_a_value(operation: Operation) -> bool:
    """Does it fill a column with a function's return value, such as `default=secrets.token_urlsafe`, or a field's that
    makes its default itself?

    Django calls the function once and sends the value as SQL: replayed, all organisations would get the same value.
    """
    field = getattr(operation, "field", None)
    if not isinstance(field, Field):
        return False
    makes_it_itself = not type(field).get_default.__module__.startswith("django.")
    return makes_it_itself or (callable(field.default) and field.default not in EMPTY)


def key_of(migration: Migration) -> Key:
    return migration.app_label, migration.name


def _names(migrations: list[Migration]) -> str:
    return ", ".join(str(each) for each in migrations)
