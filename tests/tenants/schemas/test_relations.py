"""How many relations PostgreSQL keeps for an organisation (testing/relations.txt of each app); each is a file."""

from collections import Counter

from django.apps import apps
from django.db import connection

from config.product import ADDED
from profiles.testing import facts
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.migrating.schemas import template

KINDS = ("tables", "indexes", "sequences", "toast")
# A column with long values has a table beside its own, which has an index: two files of the kind "toast".
RELATIONS = """
SELECT t.relname, 'tables' FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT t.relname, 'indexes' FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT t.relname, 'sequences' FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
    AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
JOIN pg_class t ON t.oid = d.refobjid
WHERE s.relkind = 'S' AND t.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT t.relname, 'toast' FROM pg_class t CROSS JOIN generate_series(1, 2)
WHERE t.reltoastrelid <> 0 AND t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
"""
EVERY = """
WITH ours AS (SELECT oid, reltoastrelid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
SELECT (SELECT count(*) FROM ours JOIN pg_class USING (oid) WHERE relkind IN ('r', 'i', 'S'))
     + (SELECT 2 * count(*) FROM ours WHERE reltoastrelid <> 0)
"""


def promised() -> dict[str, dict[str, int]]:
    """How many of each kind each app has, as declared by the apps."""
    rows = [row.words for row in facts.rows("relations.txt")]
    return {label: dict(zip(KINDS, map(int, numbers), strict=True)) for label, *numbers in rows}


def found(tenant: Tenant) -> dict[str, dict[str, int]]:
    owners = {model._meta.db_table: model._meta.app_label for model in apps.get_models(include_auto_created=True)}
    with within(tenant), connection.cursor() as cursor:
        cursor.execute(RELATIONS)
        numbers = Counter((owners.get(table, "migrations"), kind) for table, kind in cursor.fetchall())
    # An app of a product's own need not say how many it brings.
    uncounted = {"receivers", *ADDED} - set(promised())
    labels = sorted({app for app, _ in numbers} - uncounted)
    return {app: {kind: numbers[app, kind] for kind in KINDS} for app in labels}


def test_each_app_has_as_many_as_it_says(acme):
    assert found(acme) == promised(), "Say in testing/relations.txt of the app that brings them how many there are."


def test_all_of_them_are_counted(acme):
    with within(acme), connection.cursor() as cursor:
        cursor.execute(EVERY)
        [number] = cursor.fetchone()
        cursor.execute(f"SELECT count(*) FROM ({RELATIONS}) r")  # noqa: S608  our own query
        assert cursor.fetchone() == (number,)


# Without the template's django_migrations, which tests of migrations write to.
BYTES = """
SELECT c.relname, pg_total_relation_size(c.oid) + coalesce(sum(pg_relation_size(d.objid)), 0)
FROM pg_class c LEFT JOIN pg_depend d ON d.refobjid = c.oid AND d.deptype IN ('a', 'i')
    AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    AND (SELECT relkind FROM pg_class s WHERE s.oid = d.objid) = 'S'
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'django_migrations'
GROUP BY c.oid, c.relname
"""


def test_what_is_in_each_organisation_is_small(db):
    """Of the template: the others' tables have grown by what the tests have undone."""
    owners = {model._meta.db_table: model._meta.app_label for model in apps.get_models(include_auto_created=True)}
    core = {row.words[0] for row in facts.rows("relations.txt") if row.app.name == "profiles"}
    with within(template()), connection.cursor() as cursor:
        cursor.execute(BYTES)
        sizes: Counter[str] = Counter()
        for table, size in cursor.fetchall():
            sizes[owners.get(table, "")] += int(size)
    assert sum(sizes[label] for label in core) < 800_000
    assert sum(sizes[label] for label in promised()) < 1_600_000


# Each connection keeps these texts of the tables that it has used, and a new table's are read at each change of it.
LONGEST = """
SELECT coalesce(max(length(text)), 0) FROM (
    SELECT adbin::text FROM pg_attrdef JOIN pg_class c ON c.oid = adrelid
    WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT conbin::text FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    UNION ALL SELECT indexprs::text FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace
) kept (text)
"""


def test_no_definition_is_long(acme):
    """One of 53 kB made a third of what a connection keeps of an organisation. A function is read when it is used."""
    with within(acme), connection.cursor() as cursor:
        cursor.execute(LONGEST)
        [longest] = cursor.fetchone()
    assert longest < 10_000
