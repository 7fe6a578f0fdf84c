"""A test database is created and dropped by the owner role, together with its organisations' roles."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tenants.context import as_owner
from tenants.isolation.database_roles import APP
from tests.tenants.where import ask

NAME = "test_of_another_run"


@pytest.fixture
def database(committed: None) -> Iterator[Any]:
    """A connection to a separate, empty test database."""
    another = connection.copy(alias="another")
    another.settings_dict["TEST"]["NAME"] = NAME
    another.creation._create_test_db(0, autoclobber=True)  # type: ignore[attr-defined]
    another.settings_dict["NAME"] = NAME
    yield another
    another.close()
    with as_owner():
        ask(f"DROP DATABASE IF EXISTS {NAME}")
        ask("DROP ROLE IF EXISTS t_lost")


def test_it_leaves_no_roles_behind_and_drops_no_others(database: Any, acme_and_globex: list) -> None:
    with as_owner(), database.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA t_lost; CREATE ROLE t_lost NOLOGIN; CREATE SCHEMA {APP}")
    with database.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (NAME,)
    database.creation._destroy_test_db(NAME, verbosity=0)
    assert ask("SELECT count(*) FROM pg_database WHERE datname = %s", NAME) == 0
    kept = [APP, *(tenant.schema_name for tenant in acme_and_globex)]
    assert ask("SELECT count(*) FROM pg_roles WHERE rolname = 't_lost'") == 0
    assert ask("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", kept) == 3
