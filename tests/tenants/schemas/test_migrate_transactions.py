"""`manage.py migrate` leaves an organisation at its old state or its new one, for all kinds of migrations."""

import pytest
from django.core.management import CommandError
from django.db import Error, ProgrammingError

from tenants.context import public
from tenants.errors import TemplateStale
from tenants.models import Tenant
from tenants.schemas.spares import make_spare
from tests.tenants.migrating import all_differences, assert_all_equal_the_template, columns, later_code, migrate, sql
from tests.tomorrow import TODAY


def tables(tenant: Tenant) -> set[str]:
    return {name for (name,) in sql(tenant, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}


@pytest.mark.slow
def test_schema_and_data_of_one_table_go_together(acme, globex):
    """Where Django would commit, constraints are checked: PostgreSQL cannot alter a table with pending checks."""
    with later_code("tests.tomorrows.mixed"):
        migrate()
        for tenant in (acme, globex):
            assert (f"owner@{tenant.slug}.example",) in sql(tenant, "SELECT text FROM profiles_note")
        assert_all_equal_the_template()


@pytest.mark.slow
def test_one_that_fails_half_way_is_at_its_old_state(acme, globex):
    sql(acme, "UPDATE profiles_user SET last_name = 'Trouble' WHERE username = 'owner'")
    before = tables(acme), acme.fingerprint
    with later_code("tests.tomorrows.mixed"):
        with pytest.raises(CommandError, match=rf"profiles\.{TODAY} +profiles\.9004_short_notes.*Olga is Trouble"):
            migrate()
        acme.refresh_from_db()
        assert (tables(acme), acme.fingerprint) == before
        assert "profiles_note" in tables(globex)
        sql(acme, "UPDATE profiles_user SET last_name = 'Owner' WHERE username = 'owner'")
        assert "1 organisations migrated." in migrate()
        assert_all_equal_the_template()


@pytest.mark.slow
def test_squashed_migrations_are_recorded_as_django_does(acme, globex):
    with later_code("tests.tomorrow"):
        migrate("profiles", "9003")
    with later_code("tests.tomorrows.squashed"):
        migrate()
        assert_all_equal_the_template()
        assert Tenant.objects.get(slug="acme").is_complete
        assert "All organisations are up to date." in migrate()


@pytest.mark.slow
def test_squashed_migrations_are_done_as_one(acme, globex):
    with later_code("tests.tomorrows.squashed"):
        migrate()
        assert_all_equal_the_template()
        assert Tenant.objects.get(slug="acme").is_complete
        migrate("profiles", TODAY)
        assert_all_equal_the_template()
        assert "nickname" not in columns(acme, "profiles_profile")


@pytest.mark.slow
def test_one_that_stands_within_what_was_squashed(acme, globex):
    """While the replaced migrations still exist, it follows by them."""
    with later_code("tests.tomorrow"):
        migrate("profiles", "9003")
        migrate("profiles", "9002", tenant="acme")
    with later_code("tests.tomorrows.squashed"):
        migrate()
        assert_all_equal_the_template()
        assert Tenant.objects.get(slug="acme").is_complete


@pytest.mark.slow
def test_one_that_stands_within_what_was_squashed_and_is_gone(acme, globex):
    """It has missed a release; the others continue, and the previous version migrates it."""
    with later_code("tests.tomorrow"):
        migrate("profiles", "9003")
        migrate("profiles", "9002", tenant="acme")
    with later_code("tests.tomorrows.squashed_alone"):
        with pytest.raises(CommandError, match=r"1 of .* organisations failed") as failure:
            migrate()
        assert "acme" in str(failure.value)
        assert "squashed" in str(failure.value)
        assert Tenant.objects.get(slug="globex").is_complete
        assert not Tenant.objects.get(slug="acme").is_complete
    with later_code("tests.tomorrow"):
        migrate("profiles", "9003", tenant="acme")
    with later_code("tests.tomorrows.squashed_alone"):
        migrate()
        assert_all_equal_the_template()


@pytest.mark.slow
def test_the_plan_is_refused_where_migrate_would_be(acme):
    """The plan of a squash with a gap would be empty, and of older code too: Django skips what it cannot do."""
    with later_code("tests.tomorrow"):
        migrate("profiles", "9002")
    with (
        later_code("tests.tomorrows.squashed_alone"),
        pytest.raises(CommandError, match=r"9002_squashed replaces, and this code has no profiles\.9003_shout"),
    ):
        migrate(plan=True)
    with pytest.raises(CommandError, match=r"ahead of this code: they have .*profiles\.9002"):
        migrate(plan=True)


@pytest.mark.slow
def test_a_template_that_stands_within_what_was_squashed_and_is_gone(acme):
    with later_code("tests.tomorrow"):
        migrate("profiles", "9002")
    with later_code("tests.tomorrows.squashed_alone"):
        with pytest.raises(CommandError, match=r"9002_squashed replaces, and this code has no profiles\.9003_shout"):
            migrate()
        assert not Tenant.objects.get(slug="acme").is_complete


@pytest.mark.parametrize("noted", ["", "something else"])
def test_one_whose_state_is_noted_wrongly_is_looked_at(acme, noted):
    """As after `migrate` was killed before it stored the state, or the directory alone was restored."""
    Tenant.objects.filter(pk=acme.pk).update(fingerprint=noted)
    assert "1 organisations migrated." in migrate()
    assert Tenant.objects.get(pk=acme.pk).is_complete
    assert_all_equal_the_template()


@pytest.mark.slow
def test_an_index_made_concurrently(own_database):
    """Outside transactions, in each organisation. An incomplete or unrecorded index of a killed run is no obstacle."""
    with public():
        acme, globex = Tenant.objects.filter(slug__in=["acme", "globex"]).order_by("slug")
    with later_code("tests.tomorrows.concurrent"):
        migrate("profiles", "9002")
        with pytest.raises(Error):  # All nicknames are the same.
            sql(acme, "CREATE UNIQUE INDEX CONCURRENTLY profile_by_nickname ON profiles_profile (nickname)")
        sql(globex, "CREATE INDEX CONCURRENTLY profile_by_nickname ON profiles_profile (nickname)")
        assert "index profile_by_nickname" in " ".join(all_differences())
        migrate(jobs=2)
        assert_all_equal_the_template()
        with public():
            assert Tenant.objects.get(slug="acme").is_complete
        assert "profiles_remark" in tables(acme)


@pytest.mark.slow
def test_one_that_fails_outside_a_transaction_says_where_it_stands(own_database):
    with public():
        acme = Tenant.objects.get(slug="acme")
    sql(acme, "CREATE TABLE profile_by_nickname ()")
    with later_code("tests.tomorrows.concurrent"):
        with pytest.raises(CommandError, match=r"acme.*profiles\.9002_nickname +profiles\.9004_remark.*already exists"):
            migrate()
        sql(acme, "DROP TABLE profile_by_nickname")
        assert "1 organisations migrated." in migrate()
        assert_all_equal_the_template()


@pytest.mark.slow
def test_a_template_that_fails_outside_a_transaction_is_not_copied(own_database):
    """There is no record of what such a migration has done by then."""
    template = Tenant.objects.template()
    with later_code("tests.tomorrows.concurrent"):
        sql(template, "ALTER TABLE profiles_profile ADD nickname integer")
        with pytest.raises(ProgrammingError, match="nickname"):
            migrate()
    with pytest.raises(TemplateStale):
        make_spare()
