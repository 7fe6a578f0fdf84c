"""PostgreSQL extensions. They belong to the database, and are in a schema of their own that every organisation can
use. The setting EXTENSIONS lists their names.
"""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django_tenants.utils import quote_schema_name

from tenants.context import public
from tenants.isolation.database_roles import run

SCHEMA = "extensions"

# The database's owner may create a trusted extension: https://www.postgresql.org/docs/current/sql-createextension.html
STATE = """
SELECT wanted.name, extnamespace::regnamespace::text, offered.name IS NOT NULL, coalesce(trusted, false)
FROM unnest(%s::text[]) wanted (name)
LEFT JOIN pg_extension ON extname = wanted.name
LEFT JOIN pg_available_extensions offered ON offered.name = wanted.name
LEFT JOIN pg_available_extension_versions v ON (v.name, v.version) = (offered.name, offered.default_version)
ORDER BY wanted.name
"""
# PUBLIC includes every organisation's role. Only the schema's owner can create objects in it.
GROUND = "CREATE SCHEMA IF NOT EXISTS {schema}; GRANT USAGE ON SCHEMA {schema} TO PUBLIC"
MAKE = "CREATE EXTENSION {name} SCHEMA {schema}"


class Extension(NamedTuple):
    """One of EXTENSIONS: its schema, if any; whether the server offers it, and whether we may create it."""

    name: str
    schema: str | None
    is_offered: bool
    is_trusted: bool

    @property
    def problem(self) -> str:
        """Why organisations cannot use the extension, and what to do about it; empty if they can."""
        if self.schema == SCHEMA:
            return ""
        if self.schema:
            return (
                f"The extension {self.name} is in the schema {self.schema}, which no organisation sees: "
                f"ALTER EXTENSION {self.name} SET SCHEMA {SCHEMA}."
            )
        if not self.is_offered:
            return f"This PostgreSQL does not offer the extension {self.name}. Install its package on the server."
        return (
            f"The extension {self.name} is not in this database. As a superuser: psql --dbname "
            f"{connection.settings_dict['NAME']} --variable extension={self.name} --file config/postgres/extensions.sql"
        )


def path(schema: str) -> str:
    """The search_path for an organisation's schema or `public`: that schema, and the extensions' schema if needed."""
    return ", ".join([quote_schema_name(schema), *([SCHEMA] if settings.EXTENSIONS else [])])


def state() -> list[Extension]:
    """The present state of each of EXTENSIONS."""
    if not settings.EXTENSIONS:
        return []
    with public(), connection.cursor() as cursor:
        cursor.execute(STATE, [settings.EXTENSIONS])
        return [Extension(*row) for row in cursor.fetchall()]


def lay_extensions() -> list[str]:
    """Create missing extensions, as far as the server allows it. Returns the remaining problems, as sentences."""
    for extension in state():
        if extension.schema or not extension.is_offered:
            continue
        if extension.is_trusted:
            run(GROUND, MAKE, schema=SCHEMA, name=extension.name)
        elif make := getattr(connection, "make_extension", None):  # the bundled server's
            make(extension.name)
    return [extension.problem for extension in state() if extension.problem]


def refuse_extra_paths() -> None:
    """Raises ImproperlyConfigured for PG_EXTRA_SEARCH_PATHS, a setting of django-tenants that has no effect here."""
    if getattr(settings, "PG_EXTRA_SEARCH_PATHS", None):
        raise ImproperlyConfigured(
            "PG_EXTRA_SEARCH_PATHS has no effect here: organisations would share the tables of such a schema. For "
            "PostgreSQL's extensions set EXTENSIONS, as in EXTENSIONS=vector,pg_trgm (docs/operations.md)."
        )
