"""How tables are made: with no index that PostgreSQL never needs."""

from typing import Any

from django.db.backends.postgresql import schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Django's, without the second index of each indexed text column.

    That one serves `LIKE 'word%'` where the database sorts by a language's rules. Ours sorts by C.UTF-8, where the
    first index does: https://www.postgresql.org/docs/current/indexes-opclass.html
    """

    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        return None
