"""`manage.py migrate` with a later version's migrations (tests/tomorrow), in all schemas."""

import json
from collections.abc import Iterator
from io import StringIO
from threading import Event, Thread
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from tenants import fingerprint
from tenants.comparing import differences
from tenants.context import as_owner, public, within
from tenants.errors import NoSpare
from tenants.migrating.schemas import only_one
from tenants.models import Tenant
from tenants.spares import claim_spare, make_spare

TOMORROW = {"profiles": "tests.tomorrow"}
AN_ADDRESS = {"name": "Works", "slug": "works", "domain": "works.localhost"}


def migrate(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("migrate", *words, stdout=out, **{"jobs": 1, **options})
    return out.getvalue()


def new_code() -> None:
    fingerprint.code_migrations.cache_clear()
    fingerprint.code_fingerprint.cache_clear()


@pytest.fixture
def tomorrow(db: None) -> Iterator[None]:
    """The code is a later version's, whose migrations have not run yet."""
    with override_settings(MIGRATION_MODULES=TOMORROW):
        new_code()
        yield
    new_code()


def columns(tenant: Tenant, table: str) -> set[str]:
    with within(tenant), connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def nicknames(tenant: Tenant) -> list[str]:
    with within(tenant), connection.cursor() as cursor:
        cursor.execute("SELECT nickname FROM profiles_profile ORDER BY user_id")
        return [row[0] for row in cursor.fetchall()]


def assert_all_equal_the_template() -> None:
    with public():
        tenants = list(Tenant.objects.exclude(state="template"))
    assert [str(each) for each in differences(tenants)] == []


def test_nothing_to_do_asks_a_handful_of_questions(db, django_assert_max_num_queries):
    migrate()
    with django_assert_max_num_queries(12):
        assert "up to date" in migrate()


def test_all_schemas_follow(tomorrow, acme, globex):
    assert not acme.is_complete
    out = migrate()
    assert "organisations migrated" in out
    for tenant in (acme, globex):
        tenant.refresh_from_db()
        assert tenant.is_complete
        assert "nickname" in columns(tenant, "profiles_profile")
    assert_all_equal_the_template()


def test_data_is_migrated_in_each_organisation(tomorrow, acme, globex):
    migrate()
    assert nicknames(acme)[0] == "owner@acme.example!"
    assert nicknames(globex)[0] == "owner@globex.example!"[:20]


def test_back_and_forth_again(tomorrow, acme):
    migrate()
    migrate("profiles", "0001")
    assert "nickname" not in columns(acme, "profiles_profile")
    assert_all_equal_the_template()
    migrate()
    assert "nickname" in columns(acme, "profiles_profile")
    assert_all_equal_the_template()


def test_content_types_keep_one_id_everywhere(tomorrow, acme, globex):
    with within(acme), connection.cursor() as cursor:
        # This organisation's sequence has run ahead, as after rolled back inserts.
        cursor.execute("SELECT setval('django_content_type_id_seq', 900), setval('auth_permission_id_seq', 900)")
    migrate("profiles", "0003")
    ids = {}
    for tenant in (acme, globex):
        with within(tenant):
            ids[tenant.slug] = ContentType.objects.filter(model="note").values_list("pk", flat=True).get()
    assert ids["acme"] == ids["globex"] < 900
    migrate()
    with within(acme):
        assert ContentType.objects.filter(model="remark").values_list("pk", flat=True).get() == ids["acme"]


def test_one_organisation_that_fails_stays_whole_and_the_others_go_on(tomorrow, acme, globex):
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE profiles_note (in_the_way integer)")
    with pytest.raises(CommandError, match=r"1 of .* organisations failed") as failure:
        migrate()
    assert "acme" in str(failure.value)
    assert "profiles_note" in str(failure.value)
    assert "globex" not in str(failure.value)
    assert "nickname" not in columns(acme, "profiles_profile")
    assert "nickname" in columns(globex, "profiles_profile")
    acme.refresh_from_db()
    assert not acme.is_complete
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("DROP TABLE profiles_note")
    assert "1 organisations migrated" in migrate()
    assert_all_equal_the_template()


def test_one_whose_constraint_has_another_name_is_worked_out_by_django(tomorrow, acme, globex):
    migrate("profiles", "0002")
    with as_owner(), within(globex), connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'profiles_note'::regclass AND contype = 'u'")
        cursor.execute(f"ALTER TABLE profiles_note RENAME CONSTRAINT {cursor.fetchone()[0]} TO by_hand")
    out = migrate("profiles", "0001")
    assert "globex" in out
    assert "check_schemas" in out
    assert "nickname" not in columns(globex, "profiles_profile")


def test_organisations_that_stand_at_different_points(tomorrow, acme, globex):
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE profiles_note (in_the_way integer)")
    with pytest.raises(CommandError):
        migrate("profiles", "0002")
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("DROP TABLE profiles_note")
    rows = {row["organisation"]: row["migrations"] for row in json.loads(migrate(format="json"))}
    assert rows["acme"].startswith("profiles.0002")
    assert rows["globex"].startswith("profiles.0003")
    assert_all_equal_the_template()


def test_only_the_named_organisation(tomorrow, acme, globex):
    migrate("profiles", "0002")
    rows = json.loads(migrate(format="json", tenant="acme"))
    assert [row["organisation"] for row in rows] == ["acme"]


def test_plan_and_check_change_nothing(tomorrow, acme):
    assert "organisations are behind" in migrate(plan=True)
    with pytest.raises(SystemExit) as stopped:
        migrate(check_unapplied=True)
    assert stopped.value.code == 1
    assert "nickname" not in columns(acme, "profiles_profile")


def test_fake_only_records(tomorrow, acme):
    migrate(fake=True)
    acme.refresh_from_db()
    assert acme.is_complete
    assert "nickname" not in columns(acme, "profiles_profile")


def test_spares_made_before_are_not_handed_out_before_they_are_migrated(db):
    with public():
        old = make_spare()
    with override_settings(MIGRATION_MODULES=TOMORROW):
        new_code()
        try:
            with transaction.atomic(), pytest.raises(NoSpare):
                claim_spare(**AN_ADDRESS)
            migrate()
            assert claim_spare(**AN_ADDRESS) == old
        finally:
            new_code()
    new_code()


def test_behind_organisation_is_served_its_503_page(tomorrow, visitor, acme):
    response = visitor.get("/")
    assert response.status_code == 503
    assert response["Retry-After"]
    migrate()
    assert visitor.get("/").status_code == 302


def test_two_deployments_cannot_migrate_at_once(committed):
    held, done = Event(), Event()

    def other() -> None:
        with only_one():
            held.set()
            done.wait(5)
        connection.close()

    thread = Thread(target=other)
    thread.start()
    held.wait(5)
    try:
        with pytest.raises(CommandError, match="Another `migrate`"):
            migrate()
    finally:
        done.set()
        thread.join()


def test_jobs_has_to_be_positive(db):
    with pytest.raises(CommandError, match="--jobs"):
        migrate(jobs=0)
