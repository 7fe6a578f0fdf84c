"""The database roles, by which PostgreSQL itself restricts a tenant's statements to its own schema.

- `<SLUG>_owner` owns all schemas and their tables, and creates roles. `as_owner()` switches to it.
- `<SLUG>_app` is the role of the application's login: it has rights on the tables in `public`, and may switch to each
  tenant's role, without inheriting its rights.
- Each tenant has a role with the name of its schema, and with rights on the rows in that schema alone.

config/postgres/roles.sql creates the first two, once per server. This module creates tenants' roles with their schemas:
https://www.postgresql.org/docs/current/role-membership.html
"""

from django.conf import settings
from django.db import connection

from tenants.context import PUBLIC_SCHEMA, as_owner, public

APP = f"{settings.DATABASE_ROLE_PREFIX}_app"

# PUBLIC includes every role, tenants' roles too. Revoke its default rights in a new database.
CLOSE = f"""
REVOKE ALL ON DATABASE {{database}} FROM PUBLIC;
GRANT CONNECT ON DATABASE {{database}} TO {APP};
REVOKE ALL ON SCHEMA {PUBLIC_SCHEMA} FROM PUBLIC
"""
# Roles belong to the server, so the role may exist already: of a restored schema, or of another database's template.
ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {{role}} NOLOGIN NOINHERIT;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
GRANT {{role}} TO {APP} WITH INHERIT FALSE, SET TRUE
"""
# Default privileges apply to everything that the owner creates in the schema later, so migrations need not grant any.
RIGHTS = """
GRANT USAGE ON SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}
"""
# Skips objects on which the role has any right already: a migration may have revoked the others on purpose.
RIGHTS_ON_WHAT_IS_THERE = """
DO $$ DECLARE thing record; BEGIN
    FOR thing IN
        SELECT oid::regclass AS name, relkind = 'S' AS counts FROM pg_class
        WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND NOT EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee = '{role}'::regrole)
    LOOP
        IF thing.counts THEN
            EXECUTE format('GRANT USAGE, SELECT, UPDATE ON SEQUENCE %s TO {role}', thing.name);
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO {role}', thing.name);
        END IF;
    END LOOP;
END $$
"""

# If the role or the schema does not exist, there is nothing to revoke.
NO_RIGHTS = """
DO $$ BEGIN
    REVOKE ALL ON SCHEMA {schema} FROM {role};
EXCEPTION WHEN undefined_object OR invalid_schema_name THEN NULL; END $$
"""
# The role stays if another database of this server has a copy of the schema, on which the role has rights.
NO_ROLE = """
DO $$ BEGIN
    DROP ROLE IF EXISTS {role};
EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $$
"""


def lay_ground() -> None:
    """Give the application its rights in `public`, and other roles none. Runs before the first migration."""
    if settings.DATABASE_ROLES:
        run(CLOSE, database=connection.settings_dict["NAME"])
        run(RIGHTS, RIGHTS_ON_WHAT_IS_THERE, schema=PUBLIC_SCHEMA, role=APP)


def make_schema(name: str) -> None:
    """Create a tenant's schema, and its role with rights on the rows of all tables that the owner will create in it.

    Runs in the caller's transaction. Raises ProgrammingError if the schema exists.
    """
    run(creation(name))


def creation(name: str) -> str:
    """The SQL of make_schema()."""
    statements = ["CREATE SCHEMA {schema}", *([ROLE, RIGHTS] if settings.DATABASE_ROLES else [])]
    return filled(*statements, schema=name, role=name)


def grant_rights(name: str) -> None:
    """Create the role and rights of an existing schema, which was restored or created without roles."""
    run(ROLE, RIGHTS, RIGHTS_ON_WHAT_IS_THERE, schema=name, role=name)


def take_rights(name: str) -> None:
    """Revoke a tenant's access to its own schema. Its statements then fail as if the tables did not exist."""
    if settings.DATABASE_ROLES:
        run(NO_RIGHTS, schema=name, role=name)


def drop_schema(name: str) -> None:
    """Drop a tenant's schema, if it exists, with everything that is still in it, in one transaction."""
    run("DROP SCHEMA IF EXISTS {schema} CASCADE", schema=name)


def drop_role(name: str) -> None:
    """Drop the role of a tenant whose schema has been dropped."""
    if settings.DATABASE_ROLES:
        run(NO_ROLE, role=name)


def run(*statements: str, **names: str) -> None:
    """Execute statements as the owner of all schemas, in `public`."""
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute(filled(*statements, **names))


def filled(*statements: str, **names: str) -> str:
    """Statements as one string, with the names quoted."""
    quoted = {key: connection.ops.quote_name(name) for key, name in names.items()}
    return ";".join(statements).format_map(quoted)
