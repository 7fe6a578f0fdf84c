"""The database roles: what PostgreSQL itself lets one tenant's statements reach.

- `<SLUG>_owner` owns all schemas and their tables, and makes roles. `as_owner()` switches to it.
- `<SLUG>_app` is what the application's login is: it has rights on the tables in `public`, and may switch to each
  tenant's role, whose rights it does not inherit.
- One role for each tenant has the name of its schema, and rights on the rows in it alone.

The first two are made by config/postgres/roles.sql, once for a server; the tenants' roles here, with their schemas:
https://www.postgresql.org/docs/current/role-membership.html
"""

from django.conf import settings
from django.db import connection

from tenants.context import PUBLIC_SCHEMA, as_owner, public

APP = f"{settings.DATABASE_ROLE_PREFIX}_app"

# PUBLIC is everybody, each tenant's role too: what it may do in a new database goes.
CLOSE = f"""
REVOKE ALL ON DATABASE {{database}} FROM PUBLIC;
GRANT CONNECT ON DATABASE {{database}} TO {APP};
REVOKE ALL ON SCHEMA {PUBLIC_SCHEMA} FROM PUBLIC
"""
# As roles belong to the server, there may be one already: a restored schema's, or another database's template's.
ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {{role}} NOLOGIN NOINHERIT;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
GRANT {{role}} TO {APP} WITH INHERIT FALSE, SET TRUE
"""
# The defaults are for what the owner makes in that schema from then on, so no migration has to grant anything.
RIGHTS = """
GRANT USAGE ON SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}
"""
# Where it has any right, a migration may have taken others away on purpose.
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

# Without its role, or its schema, there is nothing to be taken.
NO_RIGHTS = """
DO $$ BEGIN
    REVOKE ALL ON SCHEMA {schema} FROM {role};
EXCEPTION WHEN undefined_object OR invalid_schema_name THEN NULL; END $$
"""
# Another database of this server may hold a copy of the schema, to whose rows the role has rights: then it stays.
NO_ROLE = """
DO $$ BEGIN
    DROP ROLE IF EXISTS {role};
EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $$
"""


def lay_ground() -> None:
    """Give the application its rights in `public`, and everybody else none. Before the first migration."""
    if settings.DATABASE_ROLES:
        run(CLOSE, database=connection.settings_dict["NAME"])
        run(RIGHTS, RIGHTS_ON_WHAT_IS_THERE, schema=PUBLIC_SCHEMA, role=APP)


def make_schema(name: str) -> None:
    """Create a tenant's schema, and its role with rights on the rows of all that the owner will make in it.

    In the caller's transaction. Raises ProgrammingError if the schema exists.
    """
    run("CREATE SCHEMA {schema}", *([ROLE, RIGHTS] if settings.DATABASE_ROLES else []), schema=name, role=name)


def grant_rights(name: str) -> None:
    """Give a schema its role and rights that is there already: one that was restored, or made without roles."""
    run(ROLE, RIGHTS, RIGHTS_ON_WHAT_IS_THERE, schema=name, role=name)


def take_rights(name: str) -> None:
    """Let a tenant's role see nothing of its schema from now on: to its statements, its tables are not there."""
    if settings.DATABASE_ROLES:
        run(NO_RIGHTS, schema=name, role=name)


def drop_schema(name: str) -> None:
    """Drop a tenant's schema, if it is there, with all that is still in it, in one transaction."""
    run("DROP SCHEMA IF EXISTS {schema} CASCADE", schema=name)


def drop_role(name: str) -> None:
    """Drop the role of a tenant whose schema is dropped already."""
    if settings.DATABASE_ROLES:
        run(NO_ROLE, role=name)


def run(*statements: str, **names: str) -> None:
    """Have the owner do it, in `public`."""
    quoted = {key: connection.ops.quote_name(name) for key, name in names.items()}
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute(";".join(statements).format_map(quoted))
