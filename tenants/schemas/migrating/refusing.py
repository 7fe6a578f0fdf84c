"""What `migrate` refuses before it changes anything, each as a CommandError that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.loader import MigrationLoader
from django_tenants.routers import TenantSyncRouter

from tenants.backend.pooler import is_pooled
from tenants.context import OWNER
from tenants.fingerprint import migration_names
from tenants.models import TEMPLATE_SCHEMA, Tenant
from tenants.schemas.migrating.gaps import Plan
from tenants.schemas.migrating.plan import CannotFollow, applied_here, refuse_gap
from tenants.schemas.migrating.schemas import Ahead, CannotBeCopied, refuse_ahead

# The app that has the table of organisations.
DIRECTORY = Tenant._meta.app_label

# Options that work on one schema only, and what to do instead.
FOR_ONE_SCHEMA = {
    "fake_initial": "--fake-initial looks at one schema's tables. `--fake` records migrations as done in all schemas.",
    "prune": "--prune looks at one schema. Recorded migrations that no longer exist are ignored, and do no harm.",
}


def refuse_pooler() -> None:
    """Raises CommandError behind a pooler: the session lock against a second `migrate` would pass to the next client of
    the same server process.
    """
    connection.ensure_connection()
    if is_pooled(connection.connection):
        raise CommandError(
            "`migrate` holds a session lock while it runs, which does not work through a connection pooler. Set "
            "DATABASE_URL to PostgreSQL itself for this command."
        )


# The role that the template would have, if the server has it and the owner of the schemas may not grant it.
FOREIGN = """
SELECT FROM pg_roles WHERE rolname = %s AND to_regnamespace(rolname) IS NULL
AND NOT pg_has_role(%s, oid, 'MEMBER WITH ADMIN OPTION')
"""


def refuse_foreign_roles() -> None:
    """Raises CommandError on the server of another product: each calls the template's role the same."""
    if not settings.DATABASE_ROLES:
        return
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN, [TEMPLATE_SCHEMA, OWNER])
        if cursor.rowcount:
            raise CommandError(
                f"{OWNER} may not use this server's role {TEMPLATE_SCHEMA}, which another product has made, or this "
                "one under a former name. Give each product a PostgreSQL server of its own (DATABASE_URL, or "
                "BUNDLED_DATA for the bundled one), or set DATABASE_ROLES=off."
            )


def refuse_what_is_for_one_schema(options: dict[str, Any]) -> None:
    """Raises CommandError, with the reason, for options that cannot work for thousands of schemas."""
    if options["jobs"] < 1:
        raise CommandError("--jobs must be 1 or more.")
    if options["database"] != DEFAULT_DB_ALIAS:
        raise CommandError(f"Organisations are in the database {DEFAULT_DB_ALIAS!r} alone: leave --database out.")
    if options["format"] == "json" and (options["plan"] or options["check_unapplied"]):
        raise CommandError("--format json reports what was done, but --plan and --check change nothing.")
    for name, reason in FOR_ONE_SCHEMA.items():
        if options[name]:
            raise CommandError(f"Not here: {reason}")
    if options["run_syncdb"] and (labels := labels_without_migrations()):
        raise CommandError(
            f"Not here: --run-syncdb would make the tables of {', '.join(labels)} in the template alone. "
            f"Give them migrations: `manage.py makemigrations {' '.join(labels)}`."
        )


def refuse_older_directory(options: dict[str, Any]) -> None:
    """Raises CommandError if the options need the table of organisations before it has the columns of this code."""
    is_looking = options["plan"] or options["check_unapplied"]
    reads = options["tenant"] or (options["app_label"] not in (None, DIRECTORY) and not is_looking)
    if reads and not has_directory():
        raise CommandError(
            f"The table of organisations is behind this code. Run `manage.py migrate {DIRECTORY}` first, "
            "or `manage.py migrate` for everything."
        )


def refuse_extensions(plan: Plan) -> None:
    """Raises CommandError for migrations that create an unlisted extension, or drop one for all organisations."""
    from django.contrib.postgres.operations import CreateExtension  # Here: with nothing to do, it is not loaded.

    for migration, backwards in plan:
        for operation in migration.operations:
            if not isinstance(operation, CreateExtension):
                continue
            if backwards:
                raise CommandError(
                    f"Reversing {migration} would drop the extension {operation.name} for all organisations. "
                    "Reverse it with --fake."
                )
            if operation.name not in settings.EXTENSIONS:
                raise CommandError(
                    f"{migration} creates the extension {operation.name}, which all organisations share. Set "
                    f"EXTENSIONS to {','.join([*settings.EXTENSIONS, operation.name])} (docs/operations.md)."
                )


def labels_without_migrations() -> list[str]:
    """The apps of organisations that have models and no migrations."""
    listed = TenantSyncRouter()
    labels = {model._meta.app_label for model in apps.get_models() if model._meta.managed and not model._meta.proxy}
    mine = {label for label in labels if listed.app_in_list(label, settings.TENANT_APPS)}
    return sorted(label for label in mine if not migration_names(label))


def has_directory() -> bool:
    """Has the table of organisations seen all migrations that this code has for it?"""
    return {(DIRECTORY, name) for name in migration_names(DIRECTORY)} <= applied_here()


@contextmanager
def cannot_follow() -> Iterator[None]:
    """Raise CommandError where the template cannot be migrated."""
    try:
        yield
    except CannotFollow as error:
        raise CommandError(f"The template cannot be migrated. {error}") from error
    except (Ahead, CannotBeCopied) as error:
        raise CommandError(str(error)) from error


def refuse_impossible() -> None:
    """Raises Ahead or CannotFollow if this code does not know what the current schema has, or has only a part of."""
    refuse_ahead()
    refuse_gap(MigrationLoader(connection))
