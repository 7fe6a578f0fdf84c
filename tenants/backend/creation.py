"""Test databases, made and dropped as the owner of all schemas."""

from typing import Any

from django.db.backends.postgresql import creation

from tenants.context import as_owner


class DatabaseCreation(creation.DatabaseCreation):
    """Django's, as the role that may create databases. Dropping a database also drops its tenants' roles."""

    def _create_test_db(self, *args: Any, **kwargs: Any) -> Any:
        with as_owner():
            return super()._create_test_db(*args, **kwargs)  # type: ignore[misc]

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        roles = self._roles_of_schemas()
        with as_owner():
            super()._destroy_test_db(test_database_name, verbosity)  # type: ignore[misc]
            with self._nodb_cursor() as cursor:  # type: ignore[attr-defined]
                for role in roles:
                    cursor.execute(f"DROP ROLE IF EXISTS {self.connection.ops.quote_name(role)}")

    def _roles_of_schemas(self) -> list[str]:
        """The roles of this database's tenants: roles belong to the server, and have the names of their schemas."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles JOIN pg_namespace ON nspname = rolname")
            roles = [row[0] for row in cursor.fetchall() if row[0].startswith("t_")]
        self.connection.close()
        return roles
