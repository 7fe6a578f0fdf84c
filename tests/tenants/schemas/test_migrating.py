"""`manage.py migrate` with a later version's migrations (tests/tomorrow), in all schemas."""

import json
from threading import Event, Thread
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError
from django.db import ProgrammingError, connection, transaction

from tenants.context import as_owner, public, schema_name, within
from tenants.errors import NoSpare, TemplateStale
from tenants.models import Tenant
from tenants.schemas.drift import differences
from tenants.schemas.migrating.schemas import only_one
from tenants.schemas.spares import claim_spare, make_spare
from tests.tenants.migrating import assert_all_equal_the_template, columns, later_code, migrate, nicknames, sql
from tests.tomorrow import TODAY

AN_ADDRESS = {"name": "Works", "slug": "works", "domain": "works.localhost"}


@pytest.mark.slow
def test_all_schemas_and_their_rows_follow(tomorrow, acme, globex):
    assert not acme.is_complete
    out = migrate()
    assert "organisations migrated" in out
    for tenant in (acme, globex):
        tenant.refresh_from_db()
        assert tenant.is_complete
        assert "nickname" in columns(tenant, "profiles_profile")
    assert_all_equal_the_template()
    assert nicknames(acme)[0] == "owner@acme.example!"
    assert nicknames(globex)[0] == "owner@globex.example!"[:20]


@pytest.mark.slow
def test_back_and_forth_again(tomorrow, acme):
    migrate()
    migrate("profiles", TODAY)
    assert "nickname" not in columns(acme, "profiles_profile")
    assert_all_equal_the_template()
    migrate()
    assert "nickname" in columns(acme, "profiles_profile")
    assert_all_equal_the_template()


@pytest.mark.slow
def test_content_types_keep_one_id_everywhere(tomorrow, acme, globex):
    with within(acme), connection.cursor() as cursor:
        # This organisation's sequence has run ahead, as after rolled back inserts.
        cursor.execute("SELECT setval('django_content_type_id_seq', 900), setval('auth_permission_id_seq', 900)")
    migrate("profiles", "9003")
    ids = {}
    for tenant in (acme, globex):
        with within(tenant):
            ids[tenant.slug] = ContentType.objects.filter(model="note").values_list("pk", flat=True).get()
    assert ids["acme"] == ids["globex"] < 900
    migrate()
    with within(acme):
        assert ContentType.objects.filter(model="remark").values_list("pk", flat=True).get() == ids["acme"]


@pytest.mark.slow
def test_all_but_the_first_repeat_what_it_sent(tomorrow, acme, globex):
    """One statement, in one transaction: the schema, its rows, and its stored state."""
    sent: dict[str, list[str]] = {}

    def listen(execute: Any, statement: str, *args: Any) -> Any:
        sent.setdefault(schema_name(), []).append(statement)
        return execute(statement, *args)

    with connection.execute_wrapper(listen):
        migrate("profiles", "9002")
    assert len(sent[acme.schema_name]) > 10
    (one,) = [each for each in sent[globex.schema_name] if not each.startswith(("SAVEPOINT", "RELEASE", "SELECT set_"))]
    for part in (
        "ADD COLUMN",
        "CREATE TABLE",
        "django_content_type",
        "auth_permission",
        "django_migrations",
        "tenants_",
    ):
        assert part in one


@pytest.mark.slow
def test_a_template_that_fails_stops_all_before_they_begin(tomorrow, acme):
    sql(Tenant.objects.template(), "CREATE TABLE profiles_note (in_the_way integer)")
    before = acme.fingerprint
    with pytest.raises(ProgrammingError, match="profiles_note"):
        migrate()
    acme.refresh_from_db()
    assert acme.fingerprint == before
    assert "nickname" not in columns(acme, "profiles_profile")
    sql(Tenant.objects.template(), "DROP TABLE profiles_note")
    migrate()
    assert_all_equal_the_template()


@pytest.mark.slow
def test_a_template_that_fails_at_once_is_as_it_was_for_the_code_before(db):
    """`public` is ahead by then; the running version continues to create spares, and to sign organisations up."""
    template = Tenant.objects.template()
    with later_code("tests.tomorrow"):
        sql(template, "ALTER TABLE profiles_profile ADD nickname integer")
        with pytest.raises(ProgrammingError, match="nickname"):
            migrate()
        with pytest.raises(TemplateStale):
            make_spare()
        sql(template, "ALTER TABLE profiles_profile DROP nickname")
    assert Tenant.objects.template().is_complete
    assert list(differences([make_spare()])) == []
    with later_code("tests.tomorrow"):
        migrate()
        assert_all_equal_the_template()


@pytest.mark.slow
def test_an_older_version_that_migrates_after_a_newer_one_harms_nothing(acme, globex):
    with later_code("tests.tomorrow"):
        migrate()
        before = nicknames(acme)
    with pytest.raises(CommandError, match="ahead of this code"):
        migrate()
    with later_code("tests.tomorrow"):
        migrate()
        assert nicknames(acme) == before
        assert Tenant.objects.get(slug="acme").is_complete
        assert_all_equal_the_template()
        assert "All organisations are up to date." in migrate()


@pytest.mark.slow
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


@pytest.mark.slow
def test_organisations_that_stand_at_different_points(tomorrow, acme, globex):
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE profiles_note (in_the_way integer)")
    with pytest.raises(CommandError):
        migrate("profiles", "9002")
    with as_owner(), within(acme), connection.cursor() as cursor:
        cursor.execute("DROP TABLE profiles_note")
    rows = {row["organisation"]: row["migrations"] for row in json.loads(migrate(format="json"))}
    assert rows["acme"] == ["profiles.9002_nickname", "profiles.9003_shout", "profiles.9004_remark"]
    assert rows["globex"] == ["profiles.9003_shout", "profiles.9004_remark"]
    assert_all_equal_the_template()


@pytest.mark.slow
def test_only_the_named_organisation(tomorrow, acme, globex):
    migrate("profiles", "9002")
    rows = json.loads(migrate(format="json", tenant="acme"))
    assert [row["organisation"] for row in rows] == ["acme"]


def test_plan_and_check_change_nothing(tomorrow, acme):
    assert "organisations are behind" in migrate(plan=True)
    with pytest.raises(SystemExit) as stopped:
        migrate(check_unapplied=True)
    assert stopped.value.code == 1
    assert "nickname" not in columns(acme, "profiles_profile")


@pytest.mark.slow
def test_fake_only_records(tomorrow, acme):
    migrate(fake=True)
    acme.refresh_from_db()
    assert acme.is_complete
    assert "nickname" not in columns(acme, "profiles_profile")


@pytest.mark.slow
def test_spares_made_before_are_not_handed_out_before_they_are_migrated(db):
    with public():
        old = make_spare()
    with later_code("tests.tomorrow"):
        with transaction.atomic(), pytest.raises(NoSpare):
            claim_spare(**AN_ADDRESS)
        migrate()
        assert claim_spare(**AN_ADDRESS) == old


@pytest.mark.slow
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
