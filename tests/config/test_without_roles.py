"""A server that does not allow new roles: an error says so, and only a setting allows to run without them."""

from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from config.bundled.server import SUPERUSER
from tenants.isolation.database_roles import APP
from tests.config.conftest import Run, assert_sentence

PROGRAM = """
import django; django.setup()
from django.core.management import call_command
from django.db import connection
from profiles.models import User
from tenants.context import within
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import discard, make_spare

call_command("migrate", verbosity=0)
make_spare()
tenant = sign_up(
    organisation="Bakery", slug="bakery", name="Ada", email="ada@shop.example", password="plenty of rocket fuel"
).tenant
with within(tenant), connection.cursor() as cursor:
    cursor.execute("SELECT current_user, current_schema()")
    user, schema = cursor.fetchone()
    print(user, schema == tenant.schema_name, User.objects.get().email)
call_command("check_schemas")
discard(tenant)
"""


@pytest.fixture
def plain(db: None) -> Iterator[str]:
    """The address of a database on the tests' server whose owner has no rights but on it."""
    parameters = connection.get_connection_params()
    superuser = {"host": parameters["host"], "port": parameters["port"], "user": SUPERUSER, "dbname": "postgres"}
    with psycopg.connect(**superuser, autocommit=True) as server:
        server.execute("CREATE ROLE plain LOGIN")
        server.execute("CREATE DATABASE plain OWNER plain")
        try:
            yield f"postgres://plain@{quote(str(parameters['host']), safe='')}:{parameters['port']}/plain"
        finally:
            server.execute("DROP DATABASE plain WITH (FORCE)")
            server.execute("DROP ROLE plain")


@pytest.mark.slow
def test_it_is_said_what_to_do(run_command: Run, plain: str) -> None:
    said = (f"not a member of {APP}", "config/postgres/roles.sql", "DATABASE_ROLES=off")
    assert_sentence(run_command("manage.py", "migrate", DATABASE_URL=plain), *said)


@pytest.mark.slow
def test_where_the_setting_allows_it_all_is_done_without(run_command: Run, plain: str) -> None:
    done = run_command("-c", PROGRAM, DATABASE_URL=plain, DATABASE_ROLES="off")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == "plain True ada@shop.example"
