"""The file of an older version: its schema is made at the file's migrations, loaded, and migrated to this version.

All of it in the caller's transaction. A migration that cannot run in one is refused.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from profiles.exports import former
from profiles.exports.package import Manifest
from profiles.exports.tables import Table, columns_by_table, described
from tenants.context import as_owner, public, within
from tenants.fingerprint import code_migrations
from tenants.isolation.database_roles import make_schema
from tenants.isolation.timeouts import limited
from tenants.models import Tenant
from tenants.schemas.migrating.plan import Key, steps_to
from tenants.schemas.migrating.steps import SAME_ROWS, do_steps
from tenants.schemas.migrating.target import target_of
from tenants.schemas.template import locked_template


class CannotBringAlong(Exception):
    """The file is of a state that this version cannot make or leave. The message is a sentence."""


def missing(manifest: Manifest) -> set[Key]:
    """The migrations that this version has and the file lacks, of apps that the file has."""
    theirs = keys_of(manifest)
    apps = {app for app, _ in theirs}
    return {key for key in code_migrations() - theirs if key[0] in apps}


def keys_of(manifest: Manifest) -> set[Key]:
    return {(app, name) for app, _, name in (each.partition(".") for each in former.migrations(manifest))}


def make(tenant: Tenant, manifest: Manifest) -> list[Table]:
    """Create the schema at the file's migrations; returns its tables. Raises CannotBringAlong and TemplateStale."""
    locked_template()
    wanted = keys_of(manifest)
    with as_owner():
        make_schema(tenant.schema_name)
        with within(tenant), limited("migration"), connection.cursor() as cursor:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(targets_of(executor, wanted), clean_start=True)
            made = {(each.app_label, each.name) for each, _ in plan} & code_migrations()
            if made != wanted:
                names = ", ".join(sorted(".".join(key) for key in made ^ wanted))
                raise CannotBringAlong(f"Its migrations are no state of this code's: {names}.")
            refuse_not_atomic(str(each) for each, _ in plan if not each.atomic)
            executor.migrate([], plan=plan)
            # Older code names models that are gone since, which keep their content types too.
            cursor.execute(SAME_ROWS)
            apps = executor.loader.project_state([(each.app_label, each.name) for each, _ in plan]).apps
    with within(tenant):
        return tables_of(manifest, apps)


def targets_of(executor: MigrationExecutor, wanted: set[Key]) -> list[Key]:
    """The last of these migrations: those that none of the others needs."""
    nodes = executor.loader.graph.node_map
    if unknown := wanted - nodes.keys():
        raise CannotBringAlong(f"This code no longer has {', '.join(sorted('.'.join(key) for key in unknown))}.")
    return sorted(key for key in wanted if not any(child.key in wanted for child in nodes[key].children))


def tables_of(manifest: Manifest, apps: StateApps) -> list[Table]:
    """With the models of that state."""
    columns = columns_by_table()
    models = [apps.get_model(part.model) for part in former.parts(manifest)]
    return [Table(model, tuple(described(model, columns[model._meta.db_table]))) for model in models]


def bring_forward(tenant: Tenant) -> None:
    """Migrate the rows to the state of the template. Raises CannotBringAlong and CannotFollow."""
    with public():
        template = Tenant.objects.template()
    target = target_of(template)
    with within(tenant):
        steps = steps_to(target)
        refuse_not_atomic(str(move.migration) for step in steps for move in step.moves if not step.is_atomic)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with as_owner():
        do_steps(tenant, steps)
    with public():
        tenant.refresh_from_db(fields=["fingerprint", "also_served_by"])


def refuse_not_atomic(names: Iterable[str]) -> None:
    if found := sorted(names):
        raise CannotBringAlong(
            f"{', '.join(found)} cannot run in a transaction. Bring the source to this version and export again."
        )
