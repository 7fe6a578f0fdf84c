"""The target of `migrate`: the template's state for all tenants, or a given migration for one."""

from django.apps import apps
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import AmbiguityError, MigrationLoader
from django.db.migrations.state import ProjectState

from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.migrating.plan import Key, applied_here, key_of


def target_of(template: Tenant) -> set[Key]:
    """The migrations that the template has seen, which all tenants follow."""
    with within(template):
        return applied_here()


def target_at(tenant: Tenant, template: Tenant, app_label: str, name: str | None) -> set[Key]:
    """The migrations of a tenant after `migrate app_label name`. It cannot go further than the template, which
    determines ids.

    Raises CommandError if the target is ahead of the template, or for names that Django refuses too.
    """
    with within(tenant):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(nodes(executor.loader, app_label, name))
        applied = applied_here()
    keys = {key_of(each): backwards for each, backwards in plan}
    forwards = {key for key, backwards in keys.items() if not backwards}
    if ahead := sorted(forwards - target_of(template)):
        names = ", ".join(".".join(key) for key in ahead)
        raise CommandError(f"The template does not have {names} yet. Migrate it first: leave --tenant or the app out.")
    return applied - (keys.keys() - forwards) | forwards


def planned(app_label: str | None, name: str | None) -> tuple[list[tuple[Migration, bool]], ProjectState]:
    """The plan of Django's `migrate app_label name` in the current schema, as migrations with whether they run
    backwards; and the state of the models before it.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    plan = executor.migration_plan(nodes(executor.loader, app_label, name) if app_label else graph.leaf_nodes())
    return plan, executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]


def nodes(loader: MigrationLoader, app_label: str, name: str | None) -> list[tuple[str, str | None]]:
    """The target nodes of Django's `migrate app_label name`. Raises CommandError with Django's messages."""
    try:
        apps.get_app_config(app_label)
    except LookupError as error:
        raise CommandError(str(error)) from error
    if app_label not in loader.migrated_apps:
        raise CommandError(f"App '{app_label}' does not have migrations.")
    if name is None:
        return [key for key in loader.graph.leaf_nodes() if key[0] == app_label]
    if name == "zero":
        return [(app_label, None)]
    try:
        key = app_label, loader.get_migration_by_prefix(app_label, name).name
    except AmbiguityError:
        raise CommandError(
            f"More than one migration matches '{name}' in app '{app_label}'. Please be more specific."
        ) from None
    except KeyError:
        raise CommandError(f"Cannot find a migration matching '{name}' from app '{app_label}'.") from None
    # A squashed migration that is only partly applied is not in the graph.
    return [key if key in loader.graph.nodes else loader.replacements[key].replaces[-1]]
