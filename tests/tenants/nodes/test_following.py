"""What `migrate` does for placed organisations, where it does no harm on plain PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from sqlparse import split

from profiles.models import Profile
from shared.capabilities.registry import imported
from tenants.context import as_owner, schema_name, within
from tenants.nodes.following import ALTERED, IDENTITY, RENAMED, SEVERAL, reasons
from tests.tenants.migrating import all_differences, migrate, sql

CANNOT = {
    IDENTITY: migrations.AlterField("profile", "id", models.BigAutoField(primary_key=True)),
    RENAMED: migrations.RunSQL("ALTER TABLE profiles_profile rename  constraint a TO b"),
    SEVERAL: migrations.RunSQL("ALTER TABLE a ADD b int; ALTER TABLE a ADD c int"),
    ALTERED: migrations.SeparateDatabaseAndState([migrations.RunSQL("ALTER TABLE a ALTER CONSTRAINT b DEFERRABLE")]),
}


@pytest.mark.parametrize("reason", CANNOT)
def test_what_placed_organisations_cannot_follow_is_known(reason):
    assert list(reasons(CANNOT[reason])) == [reason]


def test_what_they_can_follow_is_not_complained_of():
    operations = [
        migrations.AlterField("profile", "phone", models.CharField(max_length=90)),
        migrations.RunSQL("UPDATE profiles_profile SET location = 'Rome'"),
        migrations.AddField("profile", "stars", models.PositiveIntegerField(db_default=0)),
    ]
    assert [list(reasons(each)) for each in operations] == [[], [], []]


def test_a_check_is_added_apart_under_the_name_that_it_has_otherwise(acme):
    field = models.PositiveIntegerField(db_default=0)
    field.set_attributes_from_name("stars")
    field.model = Profile
    with as_owner(), within(acme), connection.schema_editor(collect_sql=True) as editor:
        editor.add_field(Profile, field)
    assert not any("ADD COLUMN" in statement and "CHECK" in statement for statement in editor.collected_sql)
    with as_owner(), within(acme):
        for statement in editor.collected_sql:
            sql(acme, statement)
        sql(acme, "ALTER TABLE profiles_profile ADD COLUMN inline integer CHECK (inline >= 0)")
    names = sql(
        acme, "SELECT conname FROM pg_constraint WHERE conrelid = 'profiles_profile'::regclass AND contype = 'c'"
    )
    assert {("profiles_profile_stars_check",), ("profiles_profile_inline_check",)} <= set(names)


def all_apart(_tenant) -> bool:
    return True


@pytest.fixture
def apart(monkeypatch) -> Iterator[None]:
    """All organisations need a transaction for each migration."""
    monkeypatch.setattr(apps.get_app_config("nodes"), "steps_apart", (f"{__name__}.all_apart",))
    imported.cache_clear()
    yield
    monkeypatch.undo()
    imported.cache_clear()


@pytest.mark.slow  # It migrates all organisations, and compares them.
def test_each_migration_in_a_transaction_of_its_own(acme, globex, tomorrow, apart):
    sent: list[str] = []

    def listen(execute: Any, statement: str, *args: Any) -> Any:
        if schema_name() == globex.schema_name:
            sent.append(statement)
        return execute(statement, *args)

    with connection.execute_wrapper(listen):
        migrate()
    changes = [each for each in sent if each.startswith(("ALTER TABLE", "CREATE TABLE", "INSERT INTO django_mig"))]
    assert len(changes) > 6
    assert all(len(split(each)) == 1 for each in changes)
    steps = [index for index, each in enumerate(changes) if each.startswith("INSERT")]
    assert len(steps) == 3
    assert all_differences() == []
