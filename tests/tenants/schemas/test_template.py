"""A spare equals a schema made by migrations; objects that cannot be copied are refused with an explanation."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import IntegrityError, ProgrammingError, connection, transaction

from profiles.models import User
from tenants.context import as_owner, public, within
from tenants.errors import TemplateStale
from tenants.isolation.database_roles import make_schema
from tenants.models import TEMPLATE_SCHEMA, Tenant, TenantQuerySet
from tenants.schemas import template
from tenants.schemas.migrating.schemas import changing
from tenants.schemas.spares import make_spare
from tests.daily import part_each_day
from tests.tenants.likeness import contents, differences


@pytest.fixture
def original(db) -> Tenant:
    """The sequence of groups begins anew: earlier tests take numbers, which no rollback gives back."""
    tenant = Tenant.objects.template()
    with as_owner(), within(tenant), connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE auth_group_id_seq RESTART")
    return tenant


@pytest.fixture
def forget_scripts():
    """For tests that change the template without a migration."""
    template._scripts.clear()
    yield
    template._scripts.clear()


def sql(statement: str, tenant: Tenant) -> list[Any]:
    with as_owner(), within(tenant), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_spare_equals_the_template(original):
    spare = make_spare()
    assert differences(original, spare) == {}
    assert spare.is_complete
    assert len(contents(spare)["tables"]) > 40


@pytest.mark.slow
def test_a_spare_equals_a_schema_made_by_migrations(original):
    with public():
        migrated = Tenant.objects.create()
    make_schema(migrated.schema_name)
    with as_owner(), changing(migrated):
        call_command(migrate.Command(), verbosity=0)
    # Other tests have moved the template's sequences, which no rollback takes back.
    assert differences(migrated, make_spare(), ignoring=["positions of sequences"]) == {}
    assert migrated.is_complete


PLANTED = {
    "tables": "CREATE TABLE planted (id int)",
    "columns": "ALTER TABLE profiles_profile ADD planted int",
    "a default": "ALTER TABLE profiles_profile ALTER bio SET DEFAULT 'planted'",
    "a type": "ALTER TABLE profiles_profile ALTER location TYPE varchar(101)",
    "a collation": 'ALTER TABLE profiles_profile ALTER bio TYPE text COLLATE "C"',
    "a column that may be null": "ALTER TABLE profiles_profile ALTER bio DROP NOT NULL",
    "a not-null constraint's name": "ALTER TABLE profiles_profile "
    "RENAME CONSTRAINT profiles_profile_bio_not_null TO planted",
    "a constraint": "ALTER TABLE profiles_profile ADD CONSTRAINT planted CHECK (bio <> 'x')",
    "an index": "CREATE INDEX planted ON profiles_profile (bio)",
    "a sequence's name": "ALTER SEQUENCE profiles_profile_id_seq RENAME TO planted",
    "a sequence's position": "SELECT setval('profiles_profile_id_seq', 77)",
    "a content type": "INSERT INTO django_content_type (app_label, model) VALUES ('planted', 'planted')",
    "a permission": "UPDATE auth_permission SET name = 'Planted' WHERE codename = 'add_group'",
    "a migration": "DELETE FROM django_migrations WHERE app = 'account'",
}


@pytest.mark.parametrize("what", part_each_day(PLANTED))
def test_the_comparison_finds_what_differs(original, what):
    spare = make_spare()
    sql("SET CONSTRAINTS ALL DEFERRED", spare)
    sql(PLANTED[what], spare)
    assert differences(original, spare) != {}


STRANGE = r"""
CREATE TABLE "Str'ange %%s ""table" (
    id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "se'q %%")
        CONSTRAINT "no 'null' %%" NOT NULL PRIMARY KEY,
    word varchar(20) COLLATE "C" DEFAULT 'it''s 100%% "so", \n' NOT NULL CHECK (word LIKE '%%; DROP %%'),
    amount numeric(8, 2) DEFAULT 1.50, made timestamptz DEFAULT now(), tags text[] DEFAULT '{a,"b;c"}',
    data jsonb,
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED,
    "SELECT" smallint REFERENCES "Str'ange %%s ""table" DEFERRABLE INITIALLY DEFERRED,
    dropped int,
    UNIQUE NULLS NOT DISTINCT (word, amount), EXCLUDE USING btree (amount WITH =)
);
ALTER TABLE "Str'ange %%s ""table" DROP dropped;
CREATE UNIQUE INDEX "in'dex %%" ON "Str'ange %%s ""table"
    (lower(word) text_pattern_ops DESC) INCLUDE (amount) WHERE word ~ '%%"';
COMMENT ON TABLE "Str'ange %%s ""table" IS 'A table''s 100%% comment';
COMMENT ON COLUMN "Str'ange %%s ""table"."SELECT" IS 'A "column"';
INSERT INTO "Str'ange %%s ""table" (word) VALUES ('; DROP 1'), ('; DROP 2');
""".replace("%%", "%")


def test_strange_names_and_definitions_are_copied(original, forget_scripts):
    sql(STRANGE.replace(", EXCLUDE USING btree (amount WITH =)", ""), original)
    spare = make_spare()
    assert differences(original, spare) == {}
    with within(spare), connection.cursor() as cursor:
        cursor.execute('SELECT word, doubled FROM "Str\'ange %s ""table" ORDER BY id')
        assert cursor.fetchall() == [("; DROP 1", 3), ("; DROP 2", 3)]


CONSTRAINTS = {
    "to a table made before, with rows": "CREATE TABLE z (id int PRIMARY KEY); CREATE TABLE a (z int REFERENCES z); "
    "INSERT INTO z VALUES (1); INSERT INTO a VALUES (1)",
    "to a table made later, with rows": "CREATE TABLE a (z int); CREATE TABLE z (id int PRIMARY KEY); "
    "ALTER TABLE a ADD FOREIGN KEY (z) REFERENCES z; INSERT INTO z VALUES (1); INSERT INTO a VALUES (1)",
    "in a circle": "CREATE TABLE a (id int PRIMARY KEY, z int); CREATE TABLE z (id int PRIMARY KEY REFERENCES a); "
    "ALTER TABLE a ADD FOREIGN KEY (z) REFERENCES z",
    "to oneself, with rows": "CREATE TABLE a (id int PRIMARY KEY, a int REFERENCES a); "
    "INSERT INTO a VALUES (1, 2), (2, 1)",
    "to a unique index": "CREATE TABLE z (id int); CREATE UNIQUE INDEX u ON z (id); "
    "CREATE TABLE a (z int REFERENCES z (id))",
    "not valid": "CREATE TABLE z (id int PRIMARY KEY, CHECK (id > 0)); CREATE TABLE a (z int, CHECK (z > 0)); "
    "ALTER TABLE a ADD CHECK (z > 1) NOT VALID; ALTER TABLE a ADD FOREIGN KEY (z) REFERENCES z NOT VALID",
}


@pytest.mark.parametrize("what", part_each_day(CONSTRAINTS))
def test_constraints_are_copied_wherever_they_lead(original, forget_scripts, what):
    sql(CONSTRAINTS[what], original)
    spare = make_spare()
    assert differences(original, spare) == {}
    assert sql("SELECT count(*) FROM a", spare) == sql("SELECT count(*) FROM a", original)


def test_exclusion_constraints_are_copied(original, forget_scripts):
    sql("CREATE TABLE planted (amount int, EXCLUDE USING btree (amount WITH =))", original)
    assert differences(original, make_spare()) == {}


def test_a_copy_refers_to_nothing_outside_itself(original):
    spare = make_spare()
    with within(spare), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = confrelid "
            "WHERE connamespace = current_schema()::regnamespace AND c.relnamespace <> connamespace"
        )
        assert cursor.fetchall() == []


UNKNOWN = {
    "collation": 'CREATE COLLATION planted FROM "C"',
    "identity that counts by tens": "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY "
    "(SEQUENCE NAME planted INCREMENT BY 10))",
    "partitioned table": "CREATE TABLE planted (id int) PARTITION BY RANGE (id)",
    "inheritance": "CREATE TABLE planted () INHERITS (profiles_profile)",
    "policy": "CREATE POLICY planted ON profiles_profile",
    "unlogged table": "CREATE UNLOGGED TABLE planted (id int)",
    "fillfactor": "CREATE TABLE planted (id int) WITH (fillfactor = 70)",
    "statistics": "CREATE STATISTICS planted ON user_id, location FROM profiles_profile",
    "storage": "CREATE TABLE planted (words text STORAGE EXTERNAL)",
    "aggregate": "CREATE AGGREGATE planted (int) (SFUNC = int4pl, STYPE = int)",
    "range": "CREATE TYPE planted AS RANGE (SUBTYPE = int)",
    "function with its owner's rights": "CREATE FUNCTION planted() RETURNS int LANGUAGE sql SECURITY DEFINER "
    "AS 'SELECT 1'",
    "function that names the template": "CREATE FUNCTION planted() RETURNS bigint LANGUAGE sql "
    "AS 'SELECT count(*) FROM tenant_template.profiles_user'",
    "function with the template's path": "CREATE FUNCTION planted() RETURNS int LANGUAGE sql "
    "SET search_path FROM CURRENT AS 'SELECT 1'",
    "rights on a function": "CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
    "REVOKE ALL ON FUNCTION planted() FROM PUBLIC",
    "rights of PUBLIC": "CREATE TABLE planted (id int); GRANT SELECT ON planted TO PUBLIC",
    "view of public": "CREATE VIEW planted AS SELECT name FROM public.tenants_tenant",
    "default of a view": "CREATE VIEW planted AS SELECT bio FROM profiles_profile; "
    "ALTER VIEW planted ALTER bio SET DEFAULT 'x'",
    "cast": "CREATE TYPE planted AS ENUM ('a'); CREATE CAST (varchar AS planted) WITH INOUT AS IMPLICIT",
    "key to another schema": "CREATE TABLE t (id bigint CONSTRAINT planted REFERENCES public.tenants_tenant)",
    "table of a type": "CREATE TYPE planted AS (a int); CREATE TABLE t OF planted",
    "unlogged sequence": "CREATE UNLOGGED SEQUENCE planted",
    "clustered table": "CREATE TABLE planted (id int PRIMARY KEY); ALTER TABLE planted CLUSTER ON planted_pkey",
    "options of long values": "CREATE TABLE planted (a text) WITH (toast.autovacuum_enabled = false)",
    "row security that is forced": "CREATE TABLE planted (); ALTER TABLE planted FORCE ROW LEVEL SECURITY",
    "statistics of a column": "CREATE TABLE t (planted int); ALTER TABLE t ALTER planted SET STATISTICS 9",
    "statistics of an index": "CREATE TABLE t (a text); CREATE INDEX planted ON t (lower(a)); "
    "ALTER INDEX planted ALTER COLUMN 1 SET STATISTICS 9",
    "objects that need each other": "CREATE TABLE planted (id int); CREATE FUNCTION f(planted) RETURNS bool IMMUTABLE "
    "LANGUAGE sql AS 'SELECT true'; ALTER TABLE planted ADD CHECK (f(planted))",
}


@pytest.mark.parametrize("what", part_each_day(UNKNOWN))
def test_what_cannot_be_copied_is_refused_in_words(original, forget_scripts, what):
    sql(UNKNOWN[what], original)
    with pytest.raises(TemplateStale, match=r"cannot be copied: .*planted"), transaction.atomic():
        make_spare()


def test_a_stale_template_is_refused(original):
    Tenant.objects.filter(pk=original.pk).update(fingerprint="older")
    with pytest.raises(TemplateStale, match="migrate"):
        make_spare()


def test_without_a_template_too(original):
    Tenant.objects.filter(pk=original.pk).delete()
    with pytest.raises(TemplateStale, match="migrate"):
        make_spare()


def test_an_existing_schema_is_never_adopted(original):
    tenant = Tenant()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {tenant.schema_name}")
    with pytest.raises(ProgrammingError, match="already exists"), transaction.atomic():
        template.replay(tenant)


def test_the_script_is_read_once(original, django_assert_max_num_queries):
    make_spare()
    with django_assert_max_num_queries(9):
        make_spare()


def test_rows_that_migrations_made_come_along(original):
    spare = make_spare()
    with within(spare):
        assert User.objects.count() == 0
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO auth_permission (id, name, content_type_id, codename) VALUES (1, '', 1, '')")


def test_killed_half_way_leaves_nothing(committed, monkeypatch):
    """The connection is lost during the copy: neither schema nor row exist."""

    def cut(self, *args, **kwargs) -> None:
        connection.close()
        raise ConnectionError

    before = schemas(), Tenant.objects.count()
    monkeypatch.setattr(TenantQuerySet, "bulk_create", cut)
    with pytest.raises(ConnectionError):
        make_spare()
    assert (schemas(), Tenant.objects.count()) == before


def schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%%'", [])
        return {name for (name,) in cursor.fetchall()} - {TEMPLATE_SCHEMA}


def test_a_copy_waits_for_no_disk_and_what_follows_does(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")  # As everywhere but under these tests.
    with transaction.atomic():
        template.replay(Tenant())
        assert setting("synchronous_commit") == "off"
        transaction.set_rollback(True)
    assert setting("synchronous_commit") == "on"


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])
