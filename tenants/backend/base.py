"""The database engine: django-tenants' backend, which follows our ContextVar and switches only when needed."""

from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import psycopg
from django.db.transaction import TransactionManagementError
from django.utils.functional import cached_property
from django_tenants.postgresql_backend import base
from django_tenants.postgresql_backend.base import FakeTenant
from psycopg.pq import TransactionStatus

from shared.capabilities.registry import imported
from shared.measures import measure
from shared.pauses import pause
from tenants import context
from tenants.backend.creation import DatabaseCreation
from tenants.backend.cursors import Cursor, DebugCursor, chunked, is_without_server_side
from tenants.backend.explain import ExplainingErrorWrapper
from tenants.backend.introspection import DatabaseIntrospection
from tenants.backend.memory import BoundedMemory
from tenants.backend.pool import Pooled
from tenants.backend.rollback import RollbackHooks
from tenants.backend.schema_editor import DatabaseSchemaEditor
from tenants.backend.session import Session, switch
from tenants.backend.watch import Reported, is_in_doubt, reported, trust, watched, watching
from tenants.errors import RoleRefused, WrongTenant


class DatabaseWrapper(RollbackHooks, BoundedMemory, Pooled, base.DatabaseWrapper):
    """A connection that sends each statement in the current tenant's schema alone, with that tenant's rights."""

    creation_class = DatabaseCreation
    SchemaEditorClass = DatabaseSchemaEditor
    # What the last switch set the connection to, under the parent's name, or None; and what the server reported then.
    search_path_set_schemas: Session | None
    _reported: Reported
    _setting_search_path: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The parent calls set_schema_to_public() at the end. In a copied context, that does not change the current
        # tenant of this thread.
        copy_context().run(super().__init__, *args, **kwargs)
        # The parent's introspection sets search_path around each query; here it is already the current schema.
        self.introspection = DatabaseIntrospection(self)
        self.execute_wrappers.append(self._switch_and_execute)

    @property
    def tenant(self) -> Any:
        return context.current() or FakeTenant(context.PUBLIC_SCHEMA)

    @tenant.setter
    def tenant(self, value: Any) -> None:
        """Ignored: the parent assigns it in its constructor, and the ContextVar alone decides."""

    @property
    def schema_name(self) -> str:
        return context.schema_name()

    @schema_name.setter
    def schema_name(self, value: Any) -> None:
        """Ignored, like `tenant`."""

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """django-tenants' way to enter a tenant. Ours is `within(tenant)`, which restores the previous tenant."""
        context.activate(None if tenant.schema_name == context.PUBLIC_SCHEMA else tenant)

    def on_commit(self, func: Callable[[], object], robust: bool = False) -> None:
        """As in Django; the callback runs in the tenant in which it was registered."""
        super().on_commit(context.bound(func) if callable(func) else func, robust)

    @cached_property
    def wrap_database_errors(self) -> ExplainingErrorWrapper:
        return ExplainingErrorWrapper(self)

    def connect(self) -> None:
        """A connection that is new, or comes from a pool, is not yet in any schema."""
        self.search_path_set_schemas = None
        super().connect()
        self.connection.server_cursor_factory = watched(psycopg.ServerCursor)

    def commit(self) -> None:
        """As in Django, but raises TransactionManagementError for a failed transaction, whose COMMIT PostgreSQL turns
        into a rollback without an error.

        Otherwise Django would run on_commit callbacks for changes that were rolled back. Its `atomic` rolls back on
        this error and raises it again.
        """
        if self._has_failed():
            raise TransactionManagementError(
                "A statement failed in this transaction, so it cannot be committed. Put code that may fail "
                "into its own `atomic()` block, and catch the error outside that block."
            )
        super().commit()

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return params | {"cursor_factory": watched(params["cursor_factory"])}

    def create_cursor(self, name: str | None = None) -> Any:
        return watching(super().create_cursor(name))

    def make_cursor(self, cursor: Any) -> Cursor:
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> DebugCursor:
        return DebugCursor(cursor, self)

    def chunked_cursor(self) -> Cursor:
        self.cursor().close()  # First: if it fails later, the named cursor would have to be closed.
        cursor = self.cursor() if is_without_server_side() else super().chunked_cursor()
        cursor.fetchmany = chunked(cursor.fetchmany)
        return cursor

    def switch(self) -> None:
        """Switch the connection to the current schema and role, if it is not there already."""
        if self._setting_search_path or self.connection is None:
            return
        wanted, known = Session.wanted(), self.known()
        if known == wanted:
            return
        if self._has_failed():
            return  # Only a rollback can follow, and the server then reports what it has undone.
        self._setting_search_path = True
        try:
            with self.cursor() as cursor:
                for told in imported("on_switch"):
                    told(self.connection, wanted.schema)
                cursor.execute(*switch(known, wanted))
        finally:
            self._setting_search_path = False
        self.search_path_set_schemas, self._reported = wanted, reported(self.connection)
        trust(self.connection)
        self.meet(wanted.schema)
        measure("switch")

    def known(self) -> Session | None:
        """What the connection is set to, as far as known. Since the last switch, our code, SQL text or the driver may
        have sent a rollback, DISCARD ALL or SET ROLE. https://www.postgresql.org/docs/current/sql-set.html
        """
        known = self.search_path_set_schemas
        if known is None or reported(self.connection) != self._reported:
            return None
        return known._replace(schema="", role="") if is_in_doubt(self.connection) else known

    def renew(self) -> bool:
        """Use a new connection for the next statement, also with a pool. Returns False if the old one is in use."""
        if self.is_in_use:
            return False
        if self.connection is not None:
            self.connection.close()  # A pool replaces a closed one that is given back to it.
            self.close()
        return True

    def _cursor(self, name: str | None = None) -> Any:
        """As in Django; but over a new connection if PostgreSQL refuses the role and this one is not in use.

        A server process that computes the roles of which its login is a member misses those created meanwhile, until
        the next change of any role: https://github.com/postgres/postgres, roles_is_member_of() in acl.c.
        """
        try:
            return super()._cursor(name)
        except RoleRefused:
            if not self.renew():
                raise
            return super()._cursor(name)

    def _handle_search_path(self, cursor: Any = None) -> None:
        """The parent calls it for each new cursor."""
        try:
            self.switch()
        except RoleRefused:
            if cursor is not None:
                cursor.close()
            raise

    def _switch_and_execute(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, about: Any) -> Any:
        """Switch before each statement, since a cursor may outlive a change of tenant.

        Raises WrongTenant for a string of several statements, one of which undid the switch, as ROLLBACK does.
        """
        pause()
        self.switch()
        answer = execute(sql, params, many, about)
        if getattr(about["cursor"].cursor, "is_several", False) and not many and self._has_left():
            raise WrongTenant(
                "A statement of this string ended a transaction, so those after it may have run in another "
                "organisation. Send it alone."
            )
        return answer

    def _has_left(self) -> bool:
        """Has a rollback or DISCARD undone the last switch, or was there none?"""
        name, _ = reported(self.connection)
        return self.search_path_set_schemas != Session.wanted() or name != self._reported[0]

    def _has_failed(self) -> bool:
        """Is the connection in a transaction that PostgreSQL refuses to continue?"""
        return self.connection is not None and self.connection.info.transaction_status is TransactionStatus.INERROR
