"""`manage.py check_schemas` finds differences of each kind from the template, in any organisation."""

import tracemalloc
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connection

from config.bundled.server import SUPERUSER
from tenants.context import public
from tenants.isolation.database_roles import APP
from tenants.models import Tenant
from tenants.schemas import drift
from tenants.schemas.drift import differences
from tests.daily import part_each_day
from tests.tenants.migrating import sql

# What is done to a schema, and what is said of it.
PLANTED = {
    "a table more": ("CREATE TABLE planted ()", "table planted is not in"),
    "a table less": ("DROP TABLE profiles_handoff", "table profiles_handoff is missing"),
    "a table's name": ("ALTER TABLE profiles_invitation RENAME TO planted", "table planted is not in"),
    "a table's kind": ("ALTER TABLE profiles_handoff SET UNLOGGED", "table profiles_handoff is 'ru"),
    "security of rows": ("ALTER TABLE profiles_invitation ENABLE ROW LEVEL SECURITY", "table profiles_invitation is "),
    "a view": ("CREATE VIEW planted AS SELECT 1", "table planted is not in"),
    "a column more": ("ALTER TABLE profiles_profile ADD planted int", "column profiles_profile.planted is not in"),
    "a column less": ("ALTER TABLE profiles_profile DROP bio", "column profiles_profile.bio is missing"),
    "a column's name": ("ALTER TABLE profiles_profile RENAME bio TO planted", "column profiles_profile.bio is missing"),
    "a column's type": ("ALTER TABLE profiles_profile ALTER location TYPE varchar(7)", "character varying(7)"),
    "a column's default": ("ALTER TABLE profiles_profile ALTER bio SET DEFAULT 'planted'", "'planted'"),
    "a column's collation": ('ALTER TABLE profiles_profile ALTER bio TYPE text COLLATE "C"', '"C"'),
    "a column that may be null": (
        "ALTER TABLE profiles_profile ALTER bio DROP NOT NULL",
        "constraint profiles_profile.profiles_profile_bio_not_null is missing",
    ),
    "identity": ("ALTER TABLE profiles_profile ALTER id SET GENERATED ALWAYS", "column profiles_profile.id is "),
    "no identity": (
        "ALTER TABLE profiles_profile ALTER id DROP IDENTITY",
        "sequence profiles_profile_id_seq is missing",
    ),
    "a constraint more": (
        "ALTER TABLE profiles_profile ADD CONSTRAINT planted CHECK (bio <> 'x')",
        "constraint profiles_profile.planted is not in",
    ),
    "a constraint less": (
        "ALTER TABLE profiles_profile DROP CONSTRAINT profiles_profile_user_id_key",
        "constraint profiles_profile.profiles_profile_user_id_key is missing",
    ),
    "a constraint's name": (
        "ALTER TABLE profiles_profile RENAME CONSTRAINT profiles_profile_bio_not_null TO planted",
        "constraint profiles_profile.planted is not in",
    ),
    "a constraint that is not checked": (
        "ALTER TABLE profiles_profile ADD CONSTRAINT planted CHECK (bio <> 'x') NOT VALID",
        "constraint profiles_profile.planted is not in",
    ),
    "an index more": ("CREATE INDEX planted ON profiles_profile (bio)", "index planted is not in"),
    "an index's name": ("ALTER INDEX user_username_unique RENAME TO planted", "index planted is not in"),
    "a sequence's name": ("ALTER SEQUENCE profiles_profile_id_seq RENAME TO planted", "sequence planted is not in"),
    "a sequence's steps": (
        "ALTER SEQUENCE profiles_profile_id_seq INCREMENT 10",
        "sequence profiles_profile_id_seq is ",
    ),
    "a sequence that starts again": (
        "ALTER SEQUENCE profiles_profile_id_seq CYCLE",
        "sequence profiles_profile_id_seq is ",
    ),
    "a sequence more": ("CREATE SEQUENCE planted", "sequence planted is not in"),
    "a function": ("CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function planted() is not in"),
    "a trigger": (
        (
            "CREATE TRIGGER planted BEFORE UPDATE ON profiles_profile FOR EACH ROW EXECUTE FUNCTION "
            "suppress_redundant_updates_trigger()"
        ),
        "trigger profiles_profile.planted is not in",
    ),
    "a type": ("CREATE TYPE planted AS ENUM ('a')", "type planted is not in"),
    "a content type more": (
        "INSERT INTO django_content_type (id, app_label, model) VALUES (999, 'a', 'planted')",
        "content type 999 is not in",
    ),
    "a content type's id": (
        "UPDATE django_content_type SET model = 'planted' WHERE model = 'group'",
        "'auth.planted', in the template 'auth.group'",
    ),
    "a permission less": ("DELETE FROM auth_permission WHERE codename = 'add_refusal'", "is missing"),
    "a permission's name": (
        "UPDATE auth_permission SET name = 'Planted' WHERE codename = 'add_refusal'",
        "add_refusal Planted",
    ),
    "a migration less": (
        "DELETE FROM django_migrations WHERE app = 'account'",
        "migration account.0001_initial is missing",
    ),
    "a migration more": (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'planted', now())",
        "migration a.planted is not in",
    ),
    "rights on a table": ("GRANT SELECT ON profiles_user TO PUBLIC", "rights profiles_user is "),
    "rights that lack": ("REVOKE DELETE ON profiles_user FROM {schema}", "rights profiles_user is "),
    "rights on a column": ("GRANT SELECT (email) ON profiles_user TO PUBLIC", "rights profiles_user.email is not in"),
    "rights on the schema": ("GRANT USAGE ON SCHEMA {schema} TO PUBLIC", "rights schema is "),
    "rights on what will be made": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO PUBLIC",
        "rights default for r is ",
    ),
    "what the role is": (f"GRANT {{schema}} TO {APP} WITH INHERIT TRUE", f"role {APP} is "),
}
# What only a superuser does.
PLANTED_BY_OTHERS = {
    "another owner": ("ALTER TABLE {schema}.profiles_user OWNER TO postgres", "table profiles_user is 'rp postgres'"),
    "foreign keys without their triggers": (
        "ALTER TABLE {schema}.profiles_profile DISABLE TRIGGER ALL",
        "trigger profiles_",
    ),
}


def check(**options: str) -> tuple[str, str]:
    """What it prints, and the error that it ends with, if any."""
    out, said = StringIO(), ""
    try:
        call_command("check_schemas", stdout=out, **options)
    except CommandError as error:
        said = str(error)
    return out.getvalue(), said


def test_all_is_well(acme, globex):
    said, error = check()
    assert said.startswith("All ")
    assert said.endswith(" schemas equal the template.\n")
    assert error == ""


@pytest.mark.parametrize("what", part_each_day(PLANTED))
def test_each_kind_of_difference_is_found_in_the_one_that_has_it(acme, globex, what):
    statement, found = PLANTED[what]
    connection.check_constraints()
    sql(globex, statement.format(schema=globex.schema_name))
    listed = list(differences([acme, globex]))
    assert any(found in str(each) for each in listed), listed
    assert {each.tenant for each in listed} == {globex}


def test_every_one_that_differs_is_listed(acme, globex, monkeypatch):
    """In any batch."""
    monkeypatch.setattr(drift, "BATCH", 1)
    for tenant in (acme, globex):
        sql(tenant, "CREATE TABLE planted ()")
    said, error = check()
    for tenant in (acme, globex):
        assert f"{tenant.schema_name} {tenant}: table planted is not in the template" in said
    assert error.startswith("2 of ")


def test_only_the_named_one(acme, globex):
    sql(globex, "CREATE TABLE planted ()")
    assert check(tenant="acme") == ("All 1 schemas equal the template.\n", "")
    assert check(tenant="globex")[1] == "1 of 1 schemas differ from the template."


def test_a_schema_that_is_gone_takes_one_line(acme):
    gone = Tenant.objects.create()
    said, error = check()
    assert said == f"{gone.schema_name} {gone}: schema {gone.schema_name} is missing\n"
    assert error.startswith("1 of ")


@pytest.mark.slow
def test_thousands_take_no_more_memory_than_a_batch(acme, globex, monkeypatch):
    monkeypatch.setattr(drift, "BATCH", 2)

    def peak(batches: int) -> int:
        tracemalloc.start()
        assert list(differences([acme, globex] * batches)) == []
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(8) < 1.3 * peak(1)


@pytest.mark.slow
def test_the_command_lines_status(own_database, capsys):
    """As in a deployment; with the real command, for two differences at once."""
    with public():
        acme, globex = Tenant.objects.active().order_by("slug")
    execute_from_command_line(["manage.py", "check_schemas"])
    assert capsys.readouterr() == ("All 2 schemas equal the template.\n", "")
    sql(acme, "CREATE INDEX planted ON profiles_profile (bio)")
    sql(globex, "DELETE FROM auth_permission WHERE codename = 'add_refusal'")
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", "check_schemas"])
    assert end.value.code == 1
    out, error = capsys.readouterr()
    assert [line.split()[1] for line in out.splitlines()] == ["Acme:", "Globex:"]
    assert error == "CommandError: 2 of 2 schemas differ from the template.\n"


@pytest.mark.slow
@pytest.mark.parametrize("what", PLANTED_BY_OTHERS)
def test_what_others_have_changed_is_found(own_database, what):
    """As after a restored dump or loaded rows."""
    with public():
        acme = Tenant.objects.get(slug="acme")
    statement, found = PLANTED_BY_OTHERS[what]
    with psycopg.connect(**connection.get_connection_params() | {"user": SUPERUSER}) as superuser:
        superuser.execute(statement.format(schema=acme.schema_name))
    said, error = check()
    assert f"{acme.schema_name} Acme: {found}" in said
    assert error == "1 of 2 schemas differ from the template."
