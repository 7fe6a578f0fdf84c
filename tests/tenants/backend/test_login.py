"""Which PostgreSQL logins the application accepts, and which it refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from config.bundled.server import SUPERUSER
from profiles.models import User
from profiles.testing import PASSWORD
from tenants.context import OWNER, within
from tenants.errors import NotOwner, RoleRefused, UnsafeLogin
from tenants.isolation.database_roles import APP
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import make_spare
from tests.tenants.where import ask, current_user


@contextmanager
def login(attributes: str, *grants: str) -> Iterator[dict[str, Any]]:
    """Another login on the tests' server, called "stranger"; returns its connection parameters."""
    parameters = connection.get_connection_params()
    superuser = {"host": parameters["host"], "port": parameters["port"], "user": SUPERUSER, "dbname": "postgres"}
    with psycopg.connect(**superuser, autocommit=True) as server:
        server.execute(f"CREATE ROLE stranger LOGIN {attributes}")
        try:
            for grant in grants:
                server.execute(f"GRANT {grant}")
            yield {**parameters, "user": "stranger"}
        finally:
            connection.close()
            server.execute(f"REVOKE CONNECT ON DATABASE {parameters['dbname']} FROM stranger; DROP ROLE stranger")


def test_a_superuser_is_refused(committed):
    with login("SUPERUSER") as parameters, pytest.raises(UnsafeLogin, match="superuser"):
        connection.copy().get_new_connection(parameters)


def test_without_roles_any_login_is_served(committed, settings):
    settings.DATABASE_ROLES = False
    with login("SUPERUSER") as parameters:
        opened = connection.copy().get_new_connection(parameters)
        assert opened.execute("SELECT session_user").fetchone() == ("stranger",)
        opened.close()


def test_a_login_that_cannot_switch_is_refused(committed):
    database = connection.settings_dict["NAME"]
    said = rf"not a member of {APP}.*roles\.sql.*DATABASE_ROLES=off"
    with login("", f"CONNECT ON DATABASE {database} TO stranger") as parameters, pytest.raises(UnsafeLogin, match=said):
        connection.copy().get_new_connection(parameters)


def test_a_login_for_the_web_alone_serves_and_makes_nothing(acme_and_globex, monkeypatch):
    """One without membership in the owner's role signs up, too; what needs it is refused in words."""
    make_spare()
    with login("NOINHERIT", f"{APP} TO stranger WITH INHERIT TRUE") as parameters, monkeypatch.context() as patch:
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


@contextmanager
def missed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This connection may act as no organisation from now on, and the next one may: as one that missed a new role."""
    with login("NOINHERIT", f"{APP} TO stranger WITH INHERIT TRUE") as parameters:
        connection.close()
        with monkeypatch.context() as patch:
            patch.setattr(connection, "get_connection_params", lambda: parameters)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        superuser = {**parameters, "user": SUPERUSER, "autocommit": True}
        with psycopg.connect(**superuser) as server:
            server.execute(f"GRANT {APP} TO stranger WITH INHERIT TRUE, SET FALSE")
        yield


def test_a_connection_that_has_missed_a_role_is_replaced(acme_and_globex, monkeypatch):
    acme, _ = acme_and_globex
    with missed(monkeypatch), within(acme):
        assert current_user() == acme.schema_name
        assert ask("SELECT session_user") != "stranger"


def test_a_transaction_on_one_is_refused_and_may_be_done_again(acme_and_globex, monkeypatch):
    acme, _ = acme_and_globex
    with missed(monkeypatch):
        with pytest.raises(RoleRefused, match=acme.schema_name), within(acme), transaction.atomic():
            User.objects.count()
        with within(acme):
            assert User.objects.count() > 1


def test_a_sign_up_begins_anew_where_its_spares_role_was_missed(acme_and_globex, monkeypatch):
    make_spare()
    with missed(monkeypatch):
        club: Any = {"organisation": "Club", "slug": "club", "name": "Ada", "email": "ada@club.example"}
        tenant = sign_up(**club, password=PASSWORD).tenant
        with within(tenant):
            assert (current_user(), User.objects.get().email) == (tenant.schema_name, "ada@club.example")
        assert Domain.objects.filter(tenant=tenant).count() == 1


def test_a_sign_up_does_not_begin_anew_for_ever(committed):
    make_spare()
    spares = Tenant.objects.spare().values_list("schema_name", flat=True)
    parameters = connection.get_connection_params() | {"user": SUPERUSER, "autocommit": True}
    with psycopg.connect(**parameters) as server:
        server.execute(f"REVOKE {', '.join(spares)} FROM {APP} GRANTED BY {OWNER}")
        try:
            with pytest.raises(RoleRefused, match="grant_roles"):
                sign_up(organisation="Club", slug="club", name="Ada", email="ada@club.example", password=PASSWORD)
        finally:
            server.execute(f"GRANT {', '.join(spares)} TO {APP} WITH INHERIT FALSE, SET TRUE GRANTED BY {OWNER}")
    assert not Tenant.objects.filter(slug="club").exists()
