"""The database engine: django-tenants' backend, led by the ContextVar and switching only when it has to."""

from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from django.utils.functional import cached_property
from django_tenants.postgresql_backend import base
from django_tenants.postgresql_backend.base import FakeTenant
from django_tenants.utils import quote_schema_name
from psycopg.pq import TransactionStatus

from tenants import context
from tenants.backend.explain import ExplainingErrorWrapper

# One statement, so one round trip. application_name lets the operator see in pg_stat_activity who a query is for;
# the tenant's database role will be set here as well.
SWITCH = "SELECT set_config('search_path', %s, false), set_config('application_name', %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is in the current tenant's schema, and only in that one, whenever a statement is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The parent ends by calling set_schema_to_public(): a new connection must not change where its thread works.
        copy_context().run(super().__init__, *args, **kwargs)
        self.execute_wrappers.append(self._switch_and_execute)

    @property
    def tenant(self) -> Any:
        return context.current() or FakeTenant(context.PUBLIC_SCHEMA)

    @tenant.setter
    def tenant(self, value: Any) -> None:
        """The parent assigns it while it is made; the ContextVar alone decides."""

    @property
    def schema_name(self) -> str:
        return context.schema_name()

    @schema_name.setter
    def schema_name(self, value: Any) -> None:
        """As for `tenant`."""

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """django-tenants' way of entering a tenant; `within(tenant)` is ours, and undoes itself."""
        context.activate(None if tenant.schema_name == context.PUBLIC_SCHEMA else tenant)

    def on_commit(self, func: Callable[[], object], robust: bool = False) -> None:
        """As in Django; the callback runs in the tenant in which it was registered."""
        super().on_commit(context.bound(func) if callable(func) else func, robust)

    @cached_property
    def wrap_database_errors(self) -> ExplainingErrorWrapper:
        return ExplainingErrorWrapper(self)

    def _handle_search_path(self, cursor: Any = None) -> None:
        """The parent calls it for each new cursor; what is done with the cursor by other ways than execute is covered."""
        self._switch()

    def _switch_and_execute(self, execute: Callable[..., Any], *args: Any) -> Any:
        """A cursor may outlive a change of tenant, so each statement looks again where it has to go."""
        self._switch()
        return execute(*args)

    def _switch(self) -> None:
        """Bring the connection to the current schema, unless it is there already.

        The parent forgets `search_path_set_schemas` on rollback, savepoint rollback and close, each of which may take
        the setting back: https://www.postgresql.org/docs/current/sql-set.html
        """
        schema = context.schema_name()
        if self._setting_search_path or self.search_path_set_schemas == schema:
            return
        if self.connection.info.transaction_status is TransactionStatus.INERROR:
            return  # Only a rollback can follow, and it will be forgotten with it.
        self._setting_search_path = True
        try:
            with self.cursor() as cursor:
                cursor.execute(SWITCH, [quote_schema_name(schema), f"tenantry {schema}"])
        finally:
            self._setting_search_path = False
        self.search_path_set_schemas = schema
