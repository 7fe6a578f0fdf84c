"""Functions, types, views, triggers and the like of the template are in every copy, and use its own rows."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from tenants.context import within
from tenants.models import Tenant
from tenants.schemas import drift, template
from tenants.schemas.spares import make_spare
from tests.daily import part_each_day
from tests.tenants.likeness import differences
from tests.tenants.migrating import sql


@pytest.fixture
def original(db: None) -> Iterator[Tenant]:
    """The template, which these tests change without a migration."""
    template._scripts.clear()
    yield Tenant.objects.template()
    template._scripts.clear()


COPIED = {
    "view": "CREATE VIEW planted WITH (security_barrier=true) AS SELECT id, bio AS \"a 'word'\" FROM profiles_profile",
    "view of a view": "CREATE VIEW planted AS SELECT 1 AS one; CREATE VIEW above AS SELECT one FROM planted",
    "view by a primary key": "CREATE VIEW planted AS SELECT id, username FROM profiles_user GROUP BY id",
    "view made before what it reads now": "CREATE VIEW planted AS SELECT 1::bigint AS id; "
    "CREATE TABLE later (id bigint); CREATE OR REPLACE VIEW planted AS SELECT id FROM later",
    "table and index that need a view": "CREATE VIEW planted AS SELECT 1 AS one; CREATE FUNCTION f(int) RETURNS "
    "bigint IMMUTABLE LANGUAGE sql BEGIN ATOMIC SELECT count(*) + $1 FROM planted; END; CREATE TABLE t (id int "
    "GENERATED ALWAYS AS IDENTITY, n bigint DEFAULT f(1)); CREATE INDEX by_n ON t (f(n::int)); "
    "INSERT INTO t DEFAULT VALUES",
    "materialized view": "CREATE MATERIALIZED VIEW planted AS SELECT id FROM django_content_type; "
    "CREATE UNIQUE INDEX planted_by_id ON planted (id)",
    "materialized view without rows": "CREATE MATERIALIZED VIEW planted AS SELECT 1 AS one WITH NO DATA",
    "function": "CREATE FUNCTION planted() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM profiles_user'",
    "function that calls a later one": "CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
    "CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT later()'",
    "function with its query read": "CREATE FUNCTION planted() RETURNS bigint LANGUAGE sql "
    "BEGIN ATOMIC SELECT count(*) FROM profiles_user; END",
    "function of a table's rows": "CREATE FUNCTION planted(profiles_profile) RETURNS SETOF profiles_user "
    "LANGUAGE sql STABLE AS 'SELECT * FROM profiles_user WHERE id = $1.user_id'",
    "functions with one name": "CREATE FUNCTION planted(int, text DEFAULT 'a; b') RETURNS int LANGUAGE sql "
    "AS 'SELECT 1'; CREATE FUNCTION planted(int[]) RETURNS int LANGUAGE plpgsql AS $x$BEGIN RETURN '100%'; END$x$",
    "procedure": "CREATE PROCEDURE planted() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'",
    "function in a default, a check and an index": "CREATE FUNCTION planted(text) RETURNS text IMMUTABLE LANGUAGE sql "
    "AS 'SELECT lower($1)'; ALTER TABLE profiles_profile ADD low text DEFAULT planted('A') CHECK (low = planted(low)); "
    "CREATE INDEX by_low ON profiles_profile (planted(bio))",
    "trigger": "CREATE TRIGGER planted BEFORE UPDATE ON profiles_profile FOR EACH ROW WHEN (OLD.bio <> NEW.bio) "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "trigger that is off": "CREATE TRIGGER planted BEFORE UPDATE ON profiles_profile FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger(); ALTER TABLE profiles_profile DISABLE TRIGGER planted",
    "trigger of our own": "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN NEW.bio = upper(NEW.bio); RETURN NEW; END'; CREATE TRIGGER planted BEFORE INSERT OR UPDATE "
    "ON profiles_profile FOR EACH ROW EXECUTE FUNCTION planted()",
    "trigger at the end of a transaction": "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RETURN NULL; END'; CREATE CONSTRAINT TRIGGER planted AFTER INSERT ON profiles_profile "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION planted()",
    "trigger of a view": "CREATE VIEW planted AS SELECT bio FROM profiles_profile; CREATE FUNCTION planted() "
    "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER planted INSTEAD OF INSERT "
    "ON planted FOR EACH ROW EXECUTE FUNCTION planted()",
    "enum": "CREATE TYPE planted AS ENUM ('it''s', 'a; b'); ALTER TYPE planted ADD VALUE 'first' BEFORE 'it''s'",
    "enum of an older table": "CREATE TABLE older (id int); CREATE TYPE planted AS ENUM ('a', 'b'); "
    "ALTER TABLE older ADD word planted DEFAULT 'b' NOT NULL, ADD words planted[]",
    "domain": "CREATE DOMAIN planted AS varchar(20) COLLATE \"C\" DEFAULT 'a' NOT NULL CONSTRAINT short "
    "CHECK (length(VALUE) < 9); CREATE TABLE t (word planted); INSERT INTO t VALUES ('b')",
    "domain whose older values are not checked": "CREATE DOMAIN planted AS int CHECK (VALUE > 0); "
    "ALTER DOMAIN planted ADD CONSTRAINT small CHECK (VALUE < 9) NOT VALID; CREATE TABLE t (n planted)",
    "composite": 'CREATE TYPE planted AS (a int, "b c" text[], d text COLLATE "C"); CREATE TABLE t (one planted)',
    "sequence": "CREATE SEQUENCE planted AS smallint INCREMENT 10 START 5 CYCLE; SELECT nextval('planted')",
    "serial": "CREATE TABLE planted (id serial PRIMARY KEY); INSERT INTO planted DEFAULT VALUES",
    "rule": "CREATE RULE planted AS ON DELETE TO profiles_profile DO INSTEAD NOTHING",
    "rights": "DO $$ BEGIN EXECUTE format('REVOKE UPDATE, DELETE ON profiles_profile FROM %I', current_schema()); "
    "END $$",
    "no right at all": "DO $$ BEGIN EXECUTE format('REVOKE ALL ON profiles_profile FROM %I', current_schema()); END $$",
    "comment": "CREATE VIEW planted AS SELECT 1 AS one; COMMENT ON VIEW planted IS 'it''s'; "
    "COMMENT ON COLUMN planted.one IS '100%'",
    "comments on all kinds": """
        CREATE TYPE planted AS ("a b" int); COMMENT ON TYPE planted IS 'a'; COMMENT ON COLUMN planted."a b" IS 'b';
        CREATE DOMAIN "d d" AS int CONSTRAINT k CHECK (VALUE > 0); COMMENT ON DOMAIN "d d" IS 'it''s';
        COMMENT ON CONSTRAINT k ON DOMAIN "d d" IS 'd';
        CREATE TABLE "t t" (id "d d" CONSTRAINT few CHECK (id < 9)); COMMENT ON CONSTRAINT few ON "t t" IS 'e';
        CREATE INDEX "i i" ON "t t" (id); COMMENT ON INDEX "i i" IS 'f';
        CREATE SEQUENCE "s s"; COMMENT ON SEQUENCE "s s" IS 'g';
        CREATE RULE "r r" AS ON DELETE TO "t t" DO INSTEAD NOTHING; COMMENT ON RULE "r r" ON "t t" IS 'h';
        CREATE FUNCTION "f f"(planted) RETURNS int LANGUAGE sql AS 'SELECT 1';
        COMMENT ON FUNCTION "f f"(planted) IS 'i';
        CREATE TRIGGER "g g" BEFORE UPDATE ON "t t" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
        COMMENT ON TRIGGER "g g" ON "t t" IS 'j'""",
}


@pytest.mark.parametrize("kind", part_each_day(COPIED, days=10))
def test_a_copy_has_it_and_who_lacks_it_is_named(original, globex, kind):
    connection.check_constraints()
    sql(original, COPIED[kind])
    spare = make_spare()
    # Other tests have moved the template's sequences, which no rollback takes back.
    assert differences(original, spare, ignoring=["positions of sequences"]) == {}
    assert {difference.tenant for difference in drift.differences([spare, globex])} == {globex}


def test_a_sequence_goes_on_where_the_templates_is(original):
    sql(original, COPIED["sequence"])
    assert sql(make_spare(), "SELECT nextval('planted')") == [(15,)]


def test_a_trigger_runs_the_copys_own_function(original):
    connection.check_constraints()
    sql(original, COPIED["trigger of our own"])
    spare = make_spare()
    run_by = "SELECT pronamespace::regnamespace::text FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid WHERE tgrelid = "
    assert sql(spare, f"{run_by} 'profiles_profile'::regclass AND tgname = 'planted'") == [(spare.schema_name,)]


def test_a_function_reads_the_copys_rows_and_no_other_role_may_call_it(original, acme):
    sql(original, COPIED["function"])
    spare = make_spare()
    with within(spare), connection.cursor() as cursor:
        cursor.execute("SELECT planted()")
        assert cursor.fetchone() == (0,)
    for other in (spare, original):
        refusal = pytest.raises(Error, match="permission denied for schema")
        with within(acme), connection.cursor() as cursor, refusal, transaction.atomic():
            cursor.execute(f"SELECT {other.schema_name}.planted()")


def test_a_table_that_is_only_added_to_is_so_in_every_copy(original):
    """Like an audit table: PostgreSQL refuses statements without a right."""
    sql(original, COPIED["rights"])
    spare = make_spare()
    with within(spare), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM profiles_profile")
        with pytest.raises(Error, match="permission denied"), transaction.atomic():
            cursor.execute("DELETE FROM profiles_profile")


def test_grant_roles_gives_back_nothing_that_a_migration_took_away(acme):
    sql(acme, COPIED["rights"])
    call_command("grant_roles", verbosity=0)
    assert sql(acme, "SELECT has_table_privilege(current_schema(), 'profiles_profile', 'DELETE')") == [(False,)]
    assert sql(acme, "SELECT has_table_privilege(current_schema(), 'profiles_profile', 'INSERT')") == [(True,)]
