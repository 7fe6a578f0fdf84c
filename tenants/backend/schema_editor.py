"""How tables are created and changed: without an index that PostgreSQL never uses here, and with checks apart."""

from typing import Any

from django.db.backends.postgresql import schema

# https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
LONGEST_NAME = 63


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Django's, with two differences.

    It does not make the second index of each indexed text column, which Django adds for `LIKE 'word%'` in databases
    that sort by a language's rules. Ours sort by C.UTF-8, where the ordinary index serves that too:
    https://www.postgresql.org/docs/current/indexes-opclass.html

    It adds a column's CHECK in a statement of its own, under the name that PostgreSQL gives it otherwise: Citus, on
    which an organisation may be placed, refuses both in one statement.
    """

    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        return None

    def add_field(self, model: Any, field: Any) -> None:
        check = field.db_parameters(connection=self.connection)["check"]
        if not check:
            super().add_field(model, field)
            return
        self.sql_check_constraint = ""
        try:
            super().add_field(model, field)
        finally:
            del self.sql_check_constraint
        table = model._meta.db_table
        name = f"{table}_{field.column}_check"
        if len(name) > LONGEST_NAME:
            name = self._create_index_name(table, [field.column], suffix="_check")  # type: ignore[attr-defined]
        self.execute(self._create_check_sql(model, name, check))  # type: ignore[attr-defined]
