"""Two logins, and a server whose administrator is no superuser: config/postgres/roles.sql on the real PostgreSQL."""

import subprocess
from urllib.parse import quote

import psycopg
import pytest

from config import brand
from config.bundled.programs import PROGRAMS
from config.bundled.server import ROLES, SUPERUSER, Server
from profiles.testing import needs
from tests.config.conftest import Run

# What a web server does: serve pages, sign up with a spare, queue jobs. And what it must not be able to do.
WEB = """
import django; django.setup()
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from profiles.models import User
from tenants.context import as_owner, public, within
from tenants.errors import RoleRefused
from tenants.organisations.sign_up import sign_up

tenant = sign_up(
    organisation="Bakery", slug="bakery", name="Ada", email="ada@shop.example", password="plenty of rocket fuel"
).tenant
print(Client().get("/account/login/", headers={"host": "bakery.localhost"}).status_code)
with within(tenant):
    User.objects.update(username="ada")
    print(User.objects.count())

def attempt(statement):
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
        return "done"
    except ProgrammingError as error:
        return type(error.__cause__).__name__

try:
    with public(), as_owner():
        print(attempt("SELECT 1"))
except RoleRefused:
    print("refused")
with public():
    print(attempt("CREATE SCHEMA mine"), attempt("DROP TABLE tenants_tenant"), attempt("CREATE ROLE mine"))
with within(tenant):
    print(attempt("ALTER TABLE profiles_user ADD COLUMN mine int"), attempt("DROP SCHEMA " + tenant.schema_name))
"""
# May the login become the owner? May it make roles? Is it a superuser?
ROLES_OF = """
import django; django.setup()
from django.db import connection
from tenants.context import OWNER

with connection.cursor() as cursor:
    cursor.execute(
        "SELECT pg_has_role(session_user, %s, 'SET'), rolcreaterole, rolsuper FROM pg_roles "
        "WHERE rolname = session_user",
        [OWNER],
    )
    print(*cursor.fetchone())
"""
MIGRATE = """
import django; django.setup()
from django.core.management import call_command
from tenants.schemas.spares import make_spare

call_command("migrate", verbosity=0)
make_spare()
"""
ADMIN, DATABASE = "managed_admin", "shop"
# A role that one has made can be given to others, but one is not a member of it oneself, unless this says so:
# https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-CREATEROLE-SELF-GRANT
AS_ADMIN = {"PGOPTIONS": "-c createrole_self_grant=set,inherit"}


@pytest.fixture
def managed(server: Server) -> str:
    """A database as a managed PostgreSQL hands it over, with the two logins made by its administrator."""
    server.ensure_running()
    with psycopg.connect(**server.parameters("postgres", SUPERUSER), autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB")
        superuser.execute(f"CREATE DATABASE {DATABASE} OWNER {ADMIN}")
    for _ in ("made", "nothing changes"):
        psql(server)
    return f"postgres://{{login}}@{quote(str(server.socket_folder), safe='')}:5432/{DATABASE}"


def psql(server: Server) -> None:
    target = [f"--host={server.socket_folder}", "--port=5432", f"--username={ADMIN}", f"--dbname={DATABASE}"]
    command = [str(PROGRAMS / "psql"), "--no-psqlrc", "--quiet", *target, f"--file={ROLES}"]
    result = subprocess.run(command, env=AS_ADMIN, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.slow
@needs("tenants.registration")
def test_the_webs_login_serves_and_cannot_become_the_owner(run_command: Run, managed: str) -> None:
    login = {"ALLOWED_HOSTS": ".localhost", "BASE_URL": "http://localhost"}
    done = run_command("-c", MIGRATE, DATABASE_URL=managed.format(login=brand.SLUG), **login)
    assert done.returncode == 0, done.stderr
    done = run_command("-c", WEB, DATABASE_URL=managed.format(login=f"{brand.SLUG}_web"), **login)
    assert done.returncode == 0, done.stderr
    refused = "InsufficientPrivilege"
    assert done.stdout.split() == ["200", "1", *[refused] * 6]
    for login_name in (brand.SLUG, f"{brand.SLUG}_web"):
        done = run_command("-c", ROLES_OF, DATABASE_URL=managed.format(login=login_name), **login)
        owns = login_name == brand.SLUG
        assert done.stdout.split() == [str(owns), "False", "False"], done.stderr
