"""Refuses a login that the tenants' database roles cannot restrict."""

import psycopg
from django.conf import settings

from tenants.errors import UnsafeLogin
from tenants.isolation.database_roles import APP

# Whether the login is a superuser, and whether it is a member of the application's role.
QUESTION = """
SELECT rolsuper, (
    SELECT pg_has_role(session_user, oid, 'USAGE') AND pg_has_role(session_user, oid, 'SET')
    FROM pg_roles WHERE rolname = %s)
FROM pg_roles WHERE rolname = session_user
"""
# Older servers have no INHERIT option for each membership. They are refused a moment later, with another error.
FIRST_VERSION = 160_000
ADVICE = (
    "Run config/postgres/roles.sql once as a superuser, and let DATABASE_URL name the login that it makes; or set "
    "DATABASE_ROLES=off to run without, where PostgreSQL does not keep organisations apart a second time."
)


def refuse_unsafe_login(connection: psycopg.Connection) -> None:
    """Raise UnsafeLogin for a superuser, which no role restricts, and for a login that may not use the roles."""
    if not settings.DATABASE_ROLES or connection.info.server_version < FIRST_VERSION:
        return
    with connection.cursor() as cursor:
        [(is_superuser, is_app)] = cursor.execute(QUESTION, [APP])
    connection.rollback()
    if is_superuser:
        raise UnsafeLogin(f"The database login {connection.info.user} is a superuser: no role restricts it. {ADVICE}")
    if not is_app:
        raise UnsafeLogin(f"The database login {connection.info.user} is not a member of {APP}. {ADVICE}")
