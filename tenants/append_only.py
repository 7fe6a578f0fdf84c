"""AppendOnly: a migration operation after which an organisation can add rows to a table, and change or delete none."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation, OperationCategory

from tenants.context import as_owner, public, schema_name

# The tenant's role has the name of its schema, and never any right to truncate (tenants/isolation/database_roles.py).
# A schema restored without its role has nothing to lose. With DATABASE_ROLES off nothing is done, since the role
# may be that of another database's schema.
RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{schema}') THEN
        {change} {table} {direction} "{schema}";
    END IF;
END $$
"""


class AppendOnly(Operation):
    """Takes UPDATE and DELETE on a model's table from the organisation's role.

    Later organisations, which are copies of the template, have the same rights. Rows are deleted as the owner of all
    schemas: `with as_owner():`.

        operations = [migrations.CreateModel("Entry", …), AppendOnly("Entry")]
    """

    reversible = True
    category = OperationCategory.ALTERATION

    def __init__(self, model: str) -> None:
        self.model = model

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        return type(self).__qualname__, [self.model], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django's models know nothing of rights."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.change(schema_editor, to_state.apps.get_model(app_label, self.model), "REVOKE UPDATE, DELETE ON", "FROM")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.change(schema_editor, from_state.apps.get_model(app_label, self.model), "GRANT UPDATE, DELETE ON", "TO")

    def change(self, schema_editor: Any, model: Any, change: str, direction: str) -> None:
        if settings.DATABASE_ROLES and self.allow_migrate_model(schema_editor.connection.alias, model):
            table = connection.ops.quote_name(model._meta.db_table)
            names = {"schema": schema_name(), "table": table, "change": change, "direction": direction}
            schema_editor.execute(RIGHTS.format(**names))

    def describe(self) -> str:
        return f"Let organisations only add rows of {self.model}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model.lower()}_append_only"


def restrict(schema: str) -> None:
    """Revoke the rights again in a schema whose role was just given all rights: it was restored from a dump, which has
    no roles, or was migrated while DATABASE_ROLES was off.
    """
    quote = connection.ops.quote_name
    with public(), as_owner(), connection.cursor() as cursor:
        for table in tables():
            name = f"{quote(schema)}.{quote(table)}"
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
            if cursor.fetchone()[0]:
                names = {"schema": schema, "table": name, "change": "REVOKE UPDATE, DELETE ON", "direction": "FROM"}
                cursor.execute(RIGHTS.format(**names))


def tables() -> list[str]:
    """The tables of all AppendOnly operations, of models that still exist."""
    migrations = MigrationLoader(None).disk_migrations.values()
    named = [
        (each.app_label, op.model.lower())
        for each in migrations
        for op in each.operations
        if isinstance(op, AppendOnly)
    ]
    return [apps.all_models[label][model]._meta.db_table for label, model in named if model in apps.all_models[label]]
