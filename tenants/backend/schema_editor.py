"""How tables are created: without an index that PostgreSQL never uses here."""

from typing import Any

from django.db.backends.postgresql import schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Django's, without the second index of each indexed text column.

    Django adds it for `LIKE 'word%'` in databases that sort by a language's rules. Ours sort by C.UTF-8, where the
    ordinary index serves that too: https://www.postgresql.org/docs/current/indexes-opclass.html
    """

    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        return None
