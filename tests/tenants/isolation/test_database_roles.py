"""What PostgreSQL itself lets an organisation's statements reach: tested with every object in its catalogue."""

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from profiles.models import User
from tenants.context import OWNER, as_owner, public, within
from tenants.errors import SchemaIncomplete
from tenants.isolation.database_roles import APP, make_schema
from tenants.models import Tenant
from tenants.schemas.drift import differences
from tenants.schemas.spares import discard, make_spare
from tests.tenants.isolation.attempts import allowed, attempts_on
from tests.tenants.where import ask, ask_all, current_user


def furnish(tenant: Tenant) -> None:
    """Includes views and a function, which other roles must not read or call."""
    with as_owner(), within(tenant), connection.cursor() as cursor:
        cursor.execute("CREATE VIEW addresses AS SELECT email FROM profiles_user")
        cursor.execute("CREATE MATERIALIZED VIEW kept AS SELECT email FROM profiles_user")
        cursor.execute("CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM profiles_user'")


@pytest.fixture
def furnished(globex: Tenant) -> Tenant:
    furnish(globex)
    return globex


def test_nothing_of_another_organisation_can_be_reached(acme, furnished):
    with within(acme):
        assert allowed(attempts_on(furnished.schema_name)) == []


def test_nothing_of_public_can_be_reached(acme):
    with within(acme):
        assert allowed(attempts_on("public")) == []


def test_outside_all_organisations_nothing_of_theirs_can_be_reached(acme, furnished):
    with public():
        assert allowed(attempts_on(acme.schema_name, furnished.schema_name, "tenant_template")) == []


def test_the_attempts_would_succeed_where_they_may(db):
    """Tests the tests: the refused attempts succeed in the own organisation, except those for owners of tables."""
    home = make_spare()  # not acme: no rollback takes a sequence back
    furnish(home)
    with within(home):
        done = {each.replace(f"{home.schema_name}.", "") for each in allowed(attempts_on(home.schema_name))}
    assert {"SELECT FROM profiles_user", "DELETE FROM profiles_user", "SELECT how_many()"} <= done
    assert {"UPDATE profiles_user SET id = id", "SELECT FROM kept"} <= done
    assert {"SELECT FROM addresses", "SELECT nextval('profiles_user_id_seq')"} <= done
    assert [statement for statement in done if statement.startswith(("DROP", "TRUNCATE"))] == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA another",
        "CREATE ROLE another",
        "CREATE TEMPORARY TABLE mine (id int)",
        "COPY profiles_user TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/hostname')",
    ],
)
@pytest.mark.parametrize("inside", [True, False])  # an organisation
def test_the_application_changes_rows_only(acme, statement, inside):
    with within(acme) if inside else public(), pytest.raises(ProgrammingError, match=r"permission|must be"):
        ask(statement)


def test_each_organisation_works_as_its_own_role(acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            assert current_user() == tenant.schema_name
    assert current_user() == connection.get_connection_params()["user"]


def test_no_role_can_log_in_but_the_applications(acme):
    attributes = "SELECT rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
    [login] = ask_all(f"{attributes} WHERE rolname = session_user")
    assert login == (True, False, False, False, False, False)
    assert set(ask_all(f"{attributes} WHERE rolname = '{acme.schema_name}'")) == {(False,) * 6}
    assert ask_all("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = %s", OWNER) == [(False, False)]


def test_the_login_inherits_no_organisations_rights(acme):
    [(inherits, may_switch)] = ask_all(
        "SELECT pg_has_role(session_user, %s, 'USAGE'), pg_has_role(session_user, %s, 'SET')",
        acme.schema_name,
        acme.schema_name,
    )
    assert (inherits, may_switch) == (False, True)


def test_a_spare_comes_with_its_role_and_goes_with_it(db):
    spare = make_spare()
    with within(spare):
        assert current_user() == spare.schema_name
    discard(spare)
    assert ask_all("SELECT FROM pg_roles WHERE rolname = %s", spare.schema_name) == []


PLANTED = {
    "rights profiles_user": "REVOKE DELETE ON profiles_user FROM {role}",
    "rights profiles_user_id_seq": "GRANT SELECT ON profiles_user_id_seq TO PUBLIC",
    "rights schema": "GRANT USAGE ON SCHEMA {role} TO PUBLIC",
    "rights default for r": "ALTER DEFAULT PRIVILEGES IN SCHEMA {role} GRANT SELECT ON TABLES TO PUBLIC",
    f"role {APP}": f"GRANT {{role}} TO {APP} WITH INHERIT TRUE",
}


@pytest.mark.parametrize("what", PLANTED)
def test_check_schemas_finds_wrong_rights(acme, what):
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute(PLANTED[what].format(role=acme.schema_name))
    [difference] = differences([acme])
    assert f"{difference.kind} {difference.name}" == what


def test_a_schema_without_its_role_is_said_in_words_and_gets_it_again(db, acme):
    """As after a schema was restored on another server: roles are not in a dump."""
    with as_owner(), public(), connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {acme.schema_name} RENAME TO lost")
    with pytest.raises(SchemaIncomplete, match="grant_roles"), transaction.atomic(), within(acme):
        current_user()
    call_command("grant_roles", verbosity=0)
    with within(acme):
        assert current_user() == acme.schema_name
        assert User.objects.exists()


def test_the_application_gets_its_rights_on_what_is_in_public_already(db):
    """As where DATABASE_ROLES was off before."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP}")
    with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
        Tenant.objects.exists()
    call_command("grant_roles", verbosity=0)
    assert Tenant.objects.exists()


def test_without_roles_all_is_done_by_the_login(acme, settings):
    settings.DATABASE_ROLES = False
    with within(acme):
        assert current_user() == connection.get_connection_params()["user"]


def test_without_roles_a_schema_comes_alone(db, settings, monkeypatch):
    settings.DATABASE_ROLES = False
    monkeypatch.setattr("tenants.context.LOGIN", OWNER)  # The login of such a server owns all.
    make_schema("t_alone")
    assert ask_all("SELECT FROM pg_namespace WHERE nspname = 't_alone'")
    assert not ask_all("SELECT FROM pg_roles WHERE rolname = 't_alone'")
