"""Can older code work with a schema that has a newer migration? Judged from the migration's operations.

A migration can state it itself: `compatible = True`, or `False`, beside its `dependencies`.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import migrations
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CheckConstraint, Field, GeneratedField
from django_tenants.routers import TenantSyncRouter

Plan = Iterable[tuple[Migration, bool]]

# They add what older code does not use, or remove what it does not rely on.
HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.AlterIndexTogether,
    migrations.AlterConstraint,
    migrations.AlterModelManagers,
    migrations.AlterModelOptions,
    migrations.AlterModelTableComment,
)
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
FORBIDS = (migrations.AddConstraint, migrations.AlterUniqueTogether)

NO_VALUE = "running code does not know the column, and gives it no value. Add `db_default`, or `null=True`."
NOT_UNIQUE = "rows of running code may get a value that another row has. Make it unique in a later release."
IN_USE = (
    "running code uses it. First release code that does not use it (state_operations alone). In the release after "
    "that, drop it by RunSQL, with `compatible = True`."
)
FORBIDDEN = (
    "running code may write rows that this forbids. First release code that does not, and add this with "
    "`compatible = True` in the release after that."
)
OTHER_COLUMN = (
    "running code needs the column as it is. Add another column, write both, and drop the old one in a later release."
)
UNKNOWN = "its effect cannot be judged. If running code can continue, say `compatible = True`."
BACKWARDS = "it is reversed, and running code needs it. Start the older code first; it serves these organisations."
SAYS_SO = "it says `compatible = False`."


def gaps(plan: Plan, state: ProjectState, apps: list[str] | None = None) -> Iterator[tuple[Migration, list[str]]]:
    """Each migration of a plan, with the reasons why code that does not know it cannot continue; none if it can.

    `state`: the models before the plan. `apps`: the apps with tables in this schema; by default TENANT_APPS.
    """
    new: set[tuple[str, str]] = set()
    state = not_rendered(state)
    listed = TenantSyncRouter()
    for migration, backwards in plan:
        here = listed.app_in_list(migration.app_label, settings.TENANT_APPS if apps is None else apps)
        if not here:
            yield migration, []
        elif backwards:
            yield migration, [BACKWARDS]
        else:
            yield migration, reasons(migration, state, new)
        if here and not backwards:  # The state need not know the models of others: their migrations may come later.
            state = migration.mutate_state(state, preserve=True)


def not_rendered(state: ProjectState) -> ProjectState:
    """The state, without models that have to be made again after each operation: most of the time is spent on that."""
    if "apps" not in state.__dict__:
        return state
    return ProjectState({key: model.clone() for key, model in state.models.items()}, state.real_apps)


def reasons(migration: Migration, state: ProjectState, new: set[tuple[str, str]]) -> list[str]:
    """The reasons for one forward migration. `new`: tables unknown to running code; this migration's are added."""
    state, found = state.clone(), []
    for operation in migration.operations:
        if reason := of_operation(operation, migration.app_label, state, new):
            found.append(f"{operation.describe()}: {reason}")
        operation.state_forwards(migration.app_label, state)
    said = getattr(migration, "compatible", None)
    return found if said is None else [] if said else [SAYS_SO]


def of_operation(operation: Operation, app_label: str, state: ProjectState, new: set[tuple[str, str]]) -> str:
    """Why code that does not know the operation cannot continue; empty if it can."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return of_several(operation.database_operations, app_label, state.clone(), new)
    if not type(operation).__module__.startswith("django."):
        return UNKNOWN
    if is_of_new_table(operation, app_label, new):
        return ""
    if isinstance(operation, migrations.AddField):
        return of_new_column(operation.field)
    if isinstance(operation, migrations.AlterField | migrations.RemoveConstraint):
        return of_change(operation, state.models[app_label, operation.model_name_lower])
    return of_kind(operation)


def of_several(operations: Iterable[Operation], app_label: str, state: ProjectState, new: set[tuple[str, str]]) -> str:
    """The first reason, of operations that each see what those before them have done to the state."""
    found = []
    for operation in operations:
        found.append(of_operation(operation, app_label, state, new))
        operation.state_forwards(app_label, state)
    return next(filter(None, found), "")


def of_change(operation: migrations.AlterField | migrations.RemoveConstraint, model: ModelState) -> str:
    if isinstance(operation, migrations.AlterField):
        return of_changed_column(model.fields[operation.name], operation.field)
    [constraint] = [each for each in model.options["constraints"] if each.name == operation.name]
    return "" if isinstance(constraint, CheckConstraint) else IN_USE


def of_kind(operation: Operation) -> str:
    # Imported here, so that a `migrate` with nothing to do does not load it.
    from django.contrib.postgres.operations import CreateExtension, ValidateConstraint

    kinds = {(*HARMLESS, CreateExtension, ValidateConstraint): "", TAKES_AWAY: IN_USE, FORBIDS: FORBIDDEN}
    return next((reason for classes, reason in kinds.items() if isinstance(operation, classes)), UNKNOWN)


def is_of_new_table(operation: Operation, app_label: str, new: set[tuple[str, str]]) -> bool:
    """Is the operation about a table that running code does not know? Adds created and renamed tables to `new`."""
    if isinstance(operation, migrations.CreateModel):
        new.add((app_label, operation.name_lower))
        return True
    if isinstance(operation, migrations.RenameModel):
        known = (app_label, operation.old_name_lower) in new
        if known:
            new.add((app_label, operation.new_name_lower))
        return known
    name = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return (app_label, str(name).lower()) in new


def of_new_column(field: Field) -> str:
    if field.many_to_many:
        return ""
    if field.has_db_default() or isinstance(field, GeneratedField):
        return NOT_UNIQUE if field.unique else ""
    return "" if field.null else NO_VALUE


def of_changed_column(old: Field, new: Field) -> str:
    """Changes that do not affect the column, or that allow more values than before, do not matter to older code."""
    _, old_path, _, before = old.deconstruct()
    _, new_path, _, after = new.deconstruct()
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    changed -= {*old.non_db_attrs, *new.non_db_attrs, "default", "db_index"}
    harmless = {
        "null": not before.get("null"),
        "db_default": "db_default" not in before,
        "max_length": (after.get("max_length") or float("inf")) > (before.get("max_length") or float("inf")),
    }
    renamed = before.get("db_column") != after.get("db_column")
    if old_path != new_path or renamed or not all(harmless.get(key) for key in changed):
        if changed == {"unique"}:
            return IN_USE if before.get("unique") else FORBIDDEN
        return FORBIDDEN if changed == {"null"} else OTHER_COLUMN
    return ""
