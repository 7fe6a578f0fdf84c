"""Which logins of PostgreSQL's the application works with, and which it refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from config.bundled.server import SUPERUSER
from profiles.models import User
from profiles.testing import PASSWORD
from tenants.context import OWNER, within
from tenants.errors import NotOwner, UnsafeLogin
from tenants.isolation.database_roles import APP
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import make_spare
from tests.tenants.where import current_user


@contextmanager
def login(attributes: str, *grants: str) -> Iterator[dict[str, Any]]:
    """Another login on the tests' server, called "somebody"; where it connects to."""
    parameters = connection.get_connection_params()
    superuser = {"host": parameters["host"], "port": parameters["port"], "user": SUPERUSER, "dbname": "postgres"}
    with psycopg.connect(**superuser, autocommit=True) as server:
        server.execute(f"CREATE ROLE somebody LOGIN {attributes}")
        try:
            for grant in grants:
                server.execute(f"GRANT {grant}")
            yield {**parameters, "user": "somebody"}
        finally:
            connection.close()
            server.execute(f"REVOKE CONNECT ON DATABASE {parameters['dbname']} FROM somebody; DROP ROLE somebody")


def test_a_superuser_is_refused(committed):
    with login("SUPERUSER") as parameters, pytest.raises(UnsafeLogin, match="superuser"):
        connection.copy().get_new_connection(parameters)


def test_without_roles_any_login_is_served(committed, settings):
    settings.DATABASE_ROLES = False
    with login("SUPERUSER") as parameters:
        opened = connection.copy().get_new_connection(parameters)
        assert opened.execute("SELECT session_user").fetchone() == ("somebody",)
        opened.close()


def test_a_login_that_cannot_switch_is_refused(committed):
    database = connection.settings_dict["NAME"]
    said = rf"not a member of {APP}.*roles\.sql.*DATABASE_ROLES=off"
    with login("", f"CONNECT ON DATABASE {database} TO somebody") as parameters, pytest.raises(UnsafeLogin, match=said):
        connection.copy().get_new_connection(parameters)


def test_a_login_for_the_web_alone_serves_and_makes_nothing(acme_and_globex, monkeypatch):
    """One without membership in the owner's role signs up, too; what needs it is refused in words."""
    make_spare()
    with login("NOINHERIT", f"{APP} TO somebody WITH INHERIT TRUE") as parameters, monkeypatch.context() as patch:
        connection.close()
        patch.setattr(connection, "get_connection_params", lambda: parameters)
        for tenant in acme_and_globex:
            with within(tenant):
                assert (current_user(), User.objects.count() > 1) == (tenant.schema_name, True)
        club: Any = {"organisation": "Club", "slug": "club", "name": "Ada", "email": "ada@club.example"}
        tenant = sign_up(**club, password=PASSWORD).tenant
        with within(tenant):
            assert (current_user(), User.objects.get().email) == (tenant.schema_name, "ada@club.example")
        with pytest.raises(NotOwner, match=f"may not act as {OWNER}"):
            make_spare()
