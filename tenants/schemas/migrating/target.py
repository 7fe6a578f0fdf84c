"""Where tenants are to be brought: to the template's state, or one of them to a migration that it has."""

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
    """What a tenant has after Django's `migrate app_label name`; forwards as far as the template, which gives the ids.

    Raises CommandError if that is not far enough, or for names that Django refuses too.
    """
    with within(tenant):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(nodes(executor.loader, app_label, name))
        applied = applied_here()
    keys = {key_of(each): backwards for each, backwards in plan}
    forwards = {key for key, backwards in keys.items() if not backwards}
    if ahead := sorted(forwards - target_of(template)):
        names = ", ".join(".".join(key) for key in ahead)
        raise CommandError(f"The template does not have {names} yet. It goes first: leave --tenant out, or the app.")
    return applied - (keys.keys() - forwards) | forwards


def planned(app_label: str | None, name: str | None) -> tuple[list[tuple[Migration, bool]], ProjectState]:
    """What Django's `migrate app_label name` would do in the current schema: migrations, and whether backwards; and the
    models before that.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    plan = executor.migration_plan(nodes(executor.loader, app_label, name) if app_label else graph.leaf_nodes())
    return plan, executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]


def nodes(loader: MigrationLoader, app_label: str, name: str | None) -> list[tuple[str, str | None]]:
    """What Django's `migrate app_label name` aims at. Raises CommandError, in Django's words."""
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
    # A squashed one that is applied in part only is not in the graph.
    return [key if key in loader.graph.nodes else loader.replacements[key].replaces[-1]]
