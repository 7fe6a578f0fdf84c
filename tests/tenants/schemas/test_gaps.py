"""Which migrations older code can work with: judged from their operations, or stated in the migration."""

import secrets

import pytest
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from profiles.testing import needs
from tenants.context import as_owner, within
from tenants.schemas.migrating.gaps import UNKNOWN, gaps
from tenants.schemas.migrating.plan import applied_here, steps_to
from tenants.schemas.migrating.traps import traps

TEXT = models.CharField(max_length=20)
BEFORE = migrations.CreateModel(
    "Book",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("title", models.CharField(max_length=20)),
        ("isbn", models.CharField(max_length=20, null=True)),
        ("code", models.CharField(max_length=20, unique=True)),
        ("pages", models.IntegerField()),
    ],
    options={
        "constraints": [
            models.CheckConstraint(condition=models.Q(pages__gt=0), name="some"),
            models.UniqueConstraint(fields=["title"], name="one"),
        ]
    },
)


class Token(models.CharField):
    """A field that makes its default itself, as some packages have."""

    def get_default(self):
        return secrets.token_urlsafe()


class Ours(migrations.AddIndex):
    """An operation of a product's own: its effect cannot be judged."""


INDEX = models.Index(fields=["pages"], name="by_pages")
NOTE = [("id", models.BigAutoField(primary_key=True)), ("book", models.ForeignKey("profiles.Book", models.CASCADE))]
NO_GAP: dict[str, list[Operation]] = {
    "a column that may be null": [migrations.AddField("book", "a", models.CharField(max_length=9, null=True))],
    "a column with a default of the database": [migrations.AddField("book", "a", models.IntegerField(db_default=1))],
    "a computed column": [
        migrations.AddField(
            "book", "a", models.GeneratedField(expression=models.F("pages") + 1, output_field=TEXT, db_persist=True)
        )
    ],
    "a table between two": [migrations.AddField("book", "a", models.ManyToManyField("profiles.Book"))],
    "a table, and all that is done to it": [
        migrations.CreateModel("Note", NOTE),
        migrations.AddField("note", "text", TEXT),
        migrations.RenameModel("Note", "Remark"),
        migrations.RemoveField("remark", "text"),
        migrations.AddConstraint("remark", models.UniqueConstraint(fields=["book"], name="x")),
    ],
    "an index": [migrations.AddIndex("book", INDEX)],
    "an index while people work": [AddIndexConcurrently("book", INDEX)],
    "an index on a field": [migrations.AlterField("book", "pages", models.IntegerField(db_index=True))],
    "more room": [migrations.AlterField("book", "title", models.CharField(max_length=30))],
    "null is let in": [migrations.AlterField("book", "title", models.CharField(max_length=20, null=True))],
    "a default of the database": [migrations.AlterField("book", "pages", models.IntegerField(db_default=3))],
    "what only pages show": [
        migrations.AlterField("book", "pages", models.IntegerField(help_text="How many", default=3)),
        migrations.AlterModelOptions("book", {"ordering": ["pages"]}),
    ],
    "a column that is changed in the same migration": [
        migrations.SeparateDatabaseAndState(
            [
                migrations.AddField("book", "a", models.IntegerField(null=True)),
                migrations.AlterField("book", "a", models.IntegerField(null=True, db_index=True)),
            ]
        )
    ],
    "a check less": [migrations.RemoveConstraint("book", "some")],
    "the code's own view alone": [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "pages")])
    ],
}
GAP: dict[str, tuple[Operation, str]] = {
    "a column that needs a value": (migrations.AddField("book", "a", TEXT), "`db_default`"),
    "a default of Django's": (migrations.AddField("book", "a", models.IntegerField(default=1)), "`db_default`"),
    "a unique one": (
        migrations.AddField("book", "a", models.IntegerField(db_default=1, unique=True)),
        "unique in a later release",
    ),
    "a unique one that is computed": (
        migrations.AddField(
            "book",
            "a",
            models.GeneratedField(expression=models.F("pages") + 1, output_field=TEXT, db_persist=True, unique=True),
        ),
        "unique in a later release",
    ),
    "a check that comes and goes": (
        migrations.SeparateDatabaseAndState(
            [
                migrations.AddConstraint("book", models.CheckConstraint(condition=models.Q(pages__lt=9), name="few")),
                migrations.RemoveConstraint("book", "few"),
            ]
        ),
        "may write rows that this forbids",
    ),
    "a column less": (migrations.RemoveField("book", "pages"), "First release code that does not use it"),
    "a table less": (migrations.DeleteModel("Book"), "First release code that does not use it"),
    "a column's name": (migrations.RenameField("book", "pages", "leaves"), "First release code"),
    "a table's name": (migrations.RenameModel("Book", "Tome"), "First release code"),
    "another type": (migrations.AlterField("book", "pages", models.TextField()), "Add another column"),
    "less room": (migrations.AlterField("book", "title", models.CharField(max_length=9)), "Add another column"),
    "unique no longer": (migrations.AlterField("book", "code", TEXT), "First release code that does not use it"),
    "unique from now on": (
        migrations.AlterField("book", "title", models.CharField(max_length=20, unique=True)),
        "may write rows",
    ),
    "null is kept out": (migrations.AlterField("book", "isbn", models.CharField(max_length=20)), "may write rows"),
    "another column name": (
        migrations.AlterField("book", "pages", models.IntegerField(db_column="leaves")),
        "Add another column",
    ),
    "a check": (
        AddConstraintNotValid("book", models.CheckConstraint(condition=models.Q(pages__lt=9), name="few")),
        "may write rows that this forbids",
    ),
    "unique together": (
        migrations.AlterUniqueTogether("book", {("title", "pages")}),
        "may write rows that this forbids",
    ),
    "what ON CONFLICT relies on": (migrations.RemoveConstraint("book", "one"), "First release code"),
    "Python": (migrations.RunPython(migrations.RunPython.noop), "cannot be judged"),
    "SQL": (migrations.RunSQL("SELECT 1"), "cannot be judged"),
    "SQL in disguise": (
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("SELECT 1")]),
        "cannot be judged",
    ),
    "an operation of our own": (Ours("book", INDEX), "cannot be judged"),
}


def migration(*operations: Operation, **said: bool) -> Migration:
    made = Migration("0002_next", "profiles")
    vars(made).update(said, operations=list(operations))
    return made


def judged(made: Migration, *, backwards: bool = False, apps: list[str] | None = None) -> list[str]:
    state = ProjectState()
    BEFORE.state_forwards("profiles", state)
    [(_, reasons)] = gaps([(made, backwards)], state, apps)
    return reasons


@pytest.mark.parametrize("operations", NO_GAP.values(), ids=NO_GAP.keys())
def test_old_code_goes_on(operations):
    assert judged(migration(*operations)) == []


@pytest.mark.parametrize(("operation", "advice"), GAP.values(), ids=GAP.keys())
def test_old_code_cannot_go_on_and_it_is_said_how_to_avoid_that(operation, advice):
    [reason] = judged(migration(operation))
    assert advice in reason
    assert judged(migration(operation, compatible=True)) == []


def test_a_migration_that_says_so_has_a_gap():
    assert judged(migration(migrations.AddIndex("book", INDEX), compatible=False)) == ["it says `compatible = False`."]


@pytest.mark.parametrize("apps", [["profiles", "profiles.welcome"], ["tenants"]], ids=["organisations", "public"])
def test_our_own_migrations_say_what_cannot_be_seen(apps):
    graph = MigrationLoader(None).graph
    order = dict.fromkeys(key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf))
    plan = [(graph.nodes[key], False) for key in order]
    silent = [name for name, reasons in gaps(plan, ProjectState(), apps) if any(UNKNOWN in each for each in reasons)]
    assert not silent, "say `compatible = True` or `False` beside their `dependencies` (docs/operations.md)"


def test_what_is_taken_back_has_a_gap():
    [reason] = judged(migration(migrations.AddIndex("book", INDEX)), backwards=True)
    assert "older code first" in reason


def test_what_is_in_another_schema_has_none():
    assert judged(migration(migrations.DeleteModel("Book")), apps=["tenants"]) == []


TRAPS = {
    "an index": ([migrations.AddIndex("book", INDEX)], "AddIndexConcurrently"),
    "a constraint": (
        [migrations.AddConstraint("book", models.CheckConstraint(condition=models.Q(pages__lt=9), name="few"))],
        "AddConstraintNotValid",
    ),
    "rows and tables": ([*NO_GAP["a computed column"], GAP["Python"][0]], "Make two migrations"),
    "a key": ([migrations.CreateModel("Note", NOTE)], "cannot delete a row of profiles.Book"),
    "one value of a field": ([migrations.AddField("book", "a", Token(max_length=50))], "called once per organisation"),
    "one value": (
        [migrations.AddField("book", "a", models.CharField(max_length=50, default=secrets.token_urlsafe))],
        "called once per organisation",
    ),
    "one value that is unique": (
        [migrations.AddField("book", "a", models.CharField(max_length=50, default=secrets.token_urlsafe, unique=True))],
        "no two rows may have the value",
    ),
    "one inside another": (
        [migrations.SeparateDatabaseAndState([migrations.AddIndex("book", INDEX)])],
        "AddIndexConcurrently",
    ),
    "a random value in each row": (
        [migrations.AddField("book", "a", models.UUIDField(db_default=RandomUUID()))],
        "rewrites the whole table",
    ),
    "a table anew": (NO_GAP["a computed column"], "rewrites the whole table"),
}


@pytest.mark.parametrize(("operations", "words"), TRAPS.values(), ids=TRAPS.keys())
def test_traps_are_named(operations, words):
    assert words in " ".join(traps(migration(*operations)))


@pytest.mark.parametrize(
    "kind", ["a column that may be null", "an index while people work", "more room", "what only pages show"]
)
def test_what_is_no_trap_is_not_named(kind):
    assert list(traps(migration(*NO_GAP[kind]))) == []


@needs("profiles.audit")
def test_a_table_is_known_whose_app_comes_after_the_first_migration_that_is_missing(acme):
    missing = [("account", "0009_emailaddress_unique_primary_email"), ("audit", "0003_directory_as_actor")]
    with as_owner(), within(acme):
        target = applied_here()
        for app, name in missing:
            MigrationRecorder(connection).record_unapplied(app, name)
        assert [move.key for step in steps_to(target) for move in step.moves] == missing
