"""Turns PostgreSQL's "relation does not exist" and similar errors into exceptions about tenants."""

import re
from functools import cache
from types import TracebackType

from django.apps import apps
from django.conf import settings
from django.db.utils import DatabaseErrorWrapper
from django_tenants.routers import TenantSyncRouter
from psycopg import Error
from psycopg.errors import InsufficientPrivilege, InvalidParameterValue, UndefinedObject, UndefinedTable

from tenants import context
from tenants.errors import NoTenant, NotMigrated, NotOwner, NotPublic, RoleRefused, SchemaIncomplete


@cache
def tables_of(app_list: str) -> frozenset[str]:
    """Names of the tables of all models in a setting's apps: `SHARED_APPS` or `TENANT_APPS`."""
    listed = TenantSyncRouter()
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if listed.app_in_list(model._meta.app_label, getattr(settings, app_list))
    )


class ExplainingErrorWrapper(DatabaseErrorWrapper):
    """Django's wrapper, which also explains what a missing table means."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, UndefinedTable):
            explain(error)
        if isinstance(error, UndefinedObject):
            explain_queue(error)
        if isinstance(error, InvalidParameterValue | InsufficientPrivilege):
            explain_role(error)
        super().__exit__(kind, error, traceback)


def explain(error: UndefinedTable) -> None:
    """Raise the cause of a missing table: no tenant is current, a tenant is current, or its schema is incomplete."""
    words = set(re.findall(r"\w+", said(error)))
    tenant = context.current()
    if tenant is None and (missing := words & tables_of("TENANT_APPS")):
        raise NoTenant(
            f"{_name(missing)} is in each organisation's own schema, and no organisation is current here. "
            "Wrap the code in `with within(tenant):` (tenants.context)."
        ) from error
    if tenant is None and words & tables_of("SHARED_APPS"):
        raise NotMigrated("The database has no tables yet. Run `manage.py migrate` first.") from error
    if tenant is not None and (missing := words & tables_of("SHARED_APPS")):
        raise NotPublic(
            f"{_name(missing)} is in the schema public, and {tenant.schema_name} is current here. "
            "Wrap the code in `with public():` (tenants.context)."
        ) from error
    if tenant is not None and (missing := words & tables_of("TENANT_APPS")):
        raise SchemaIncomplete(
            f"The schema {tenant.schema_name} has no table {_name(missing)}. Run `manage.py migrate`."
        ) from error


def explain_queue(error: UndefinedObject) -> None:
    """Add a note to the error if a plain procrastinate task was deferred inside a tenant.

    A note, since procrastinate unwraps Django's exceptions and would drop one of ours.
    """
    tenant = context.current()
    if tenant is not None and "procrastinate_" in said(error):
        error.add_note(
            f"The job queue is in the schema public, and {tenant.schema_name} is current here. "
            "Use @tenant_task (tenants.tasks), or wrap the code in `with public():` (tenants.context)."
        )


def explain_role(error: Error) -> None:
    """Raise the cause of a failed switch to the current role."""
    role = context.role()
    if f'role "{role}"' not in said(error):
        return
    if isinstance(error, InsufficientPrivilege):
        if role != context.OWNER:
            raise RoleRefused(
                f"The database login may not act as {role}. `manage.py grant_roles` gives it every organisation's role."
            ) from error
        raise NotOwner(
            f"The database login may not act as {role}, so it cannot make, migrate or drop schemas. "
            "Use a login that may: config/postgres/roles.sql makes one."
        ) from error
    raise SchemaIncomplete(f"The server has no role {role} for that schema. Run `manage.py grant_roles`.") from error


def said(error: Error) -> str:
    """PostgreSQL's message, without the statement that caused it."""
    return error.diag.message_primary or ""


def _name(tables: set[str]) -> str:
    return ", ".join(sorted(tables))
