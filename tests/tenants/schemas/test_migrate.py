"""`manage.py migrate` brings public, the template and every organisation to the state of the code."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.state import ModelState

from tenants import fingerprint
from tenants.context import as_owner, current, public, schema_name, within
from tenants.models import Tenant
from tenants.schemas.migrating.plan import applied_here
from tenants.schemas.spares import make_spare
from tests.receivers.models import Product
from tests.tenants.likeness import differences


def migrate(**options: Any) -> str:
    out = StringIO()
    call_command("migrate", stdout=out, **options)
    assert current() is None
    return out.getvalue()


def forget() -> None:
    fingerprint.code_migrations.cache_clear()
    fingerprint.code_fingerprint.cache_clear()
    ContentType.objects.clear_cache()


@pytest.fixture
def release(db: None, settings: Any) -> Iterator[None]:
    """Installs the next release of the code, which has one more migration."""
    # What is deferred in the test's transaction would keep tables from being altered.
    connection.check_constraints()
    today = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {**today, "receivers": "tests.receivers.later_migrations"}
    forget()
    yield
    settings.MIGRATION_MODULES = today
    forget()


def sql(tenant: Tenant, statement: str) -> None:
    with as_owner(), within(tenant), connection.cursor() as cursor:
        cursor.execute(statement)


def wishes(tenant: Tenant) -> tuple[int, list[int]]:
    """The ids of the new model's content type and permissions."""
    ContentType.objects.clear_cache()
    with within(tenant):
        content_type = ContentType.objects.get(app_label="receivers", model="wish")
        return content_type.pk, list(
            Permission.objects.filter(content_type=content_type).order_by("codename").values_list("pk", flat=True)
        )


def all_tenants() -> list[Tenant]:
    return list(Tenant.objects.order_by("pk"))


def test_with_nothing_to_do_nothing_is_done(db):
    before = list(Tenant.objects.values())
    migrate()
    migrate()
    assert list(Tenant.objects.values()) == before


@pytest.fixture
def built(monkeypatch) -> set[tuple[str, str]]:
    """The models that migrations build, each with the schema where that happens."""
    built = set()
    render = ModelState.render

    def note(state: ModelState, apps: Any) -> Any:
        built.add((state.name, schema_name()))
        return render(state, apps)

    monkeypatch.setattr(ModelState, "render", note)
    return built


def test_all_organisations_are_migrated_and_their_rows(release, acme, globex, built):
    assert not any(tenant.is_complete for tenant in all_tenants())
    for tenant in (acme, globex):
        sql(tenant, "INSERT INTO receivers_product (id, name, stock) VALUES (1, '', 1)")
    migrate()
    assert all(tenant.is_complete for tenant in all_tenants())
    spare = make_spare()
    for tenant in (acme, globex):
        sql(tenant, "INSERT INTO receivers_wish (text) VALUES ('peace')")
        assert differences(tenant, spare, ignoring=["positions of sequences", "migrations"]) == {}
        with within(tenant):
            assert Product.objects.get(pk=1).name == "Nameless"
    template = Tenant.objects.template()
    assert ("Wish", template.schema_name) in built
    assert ("Wish", "public") not in built, "Nothing of organisations' apps is done in public."
    with public():
        recorded = applied_here()
    with within(template):
        assert applied_here() == recorded


@pytest.mark.slow
def test_new_content_types_and_permissions_have_the_templates_ids(release, acme, globex):
    """Although one organisation's sequences are ahead, and another's permissions."""
    sql(acme, "SELECT setval('django_content_type_id_seq', 4000)")
    sql(globex, "SELECT setval('auth_permission_id_seq', 7000)")
    migrate()
    expected = wishes(Tenant.objects.template())
    assert wishes(acme) == wishes(globex) == expected
    assert expected[0] < 4000


@pytest.mark.slow
def test_what_is_made_later_meets_no_copied_id(release, acme):
    for tenant in (acme, Tenant.objects.template()):
        sql(tenant, "SELECT setval('django_content_type_id_seq', max(id)) FROM django_content_type")
    migrate()
    with within(acme):
        made = ContentType.objects.create(app_label="receivers", model="made_by_hand")
        assert made.pk > wishes(acme)[0]


def test_one_that_fails_does_not_stop_the_others(release, acme, globex, visitor):
    sql(acme, "CREATE TABLE receivers_wish (id int)")
    with pytest.raises(CommandError, match=rf"(?s){acme.schema_name}.*already exists"):
        migrate()
    assert Tenant.objects.get(pk=globex.pk).is_complete
    assert not Tenant.objects.get(pk=acme.pk).is_complete
    answer = visitor.get("/")
    assert (answer.status_code, "Retry-After" in answer) == (503, True)
    sql(acme, "DROP TABLE receivers_wish")
    migrate()
    assert Tenant.objects.get(pk=acme.pk).is_complete


@contextmanager
def killed_in(tenant: Tenant) -> Iterator[None]:
    """`migrate` is killed in a tenant after its schema was changed, while its state is being stored."""

    class Killed(BaseException):
        """Like a signal's, no `except Exception` catches it."""

    def kill(execute: Any, statement: str, *args: Any) -> Any:
        result = execute(statement, *args)
        if current() == tenant and "UPDATE public.tenants_tenant" in statement:
            raise Killed
        return result

    with connection.execute_wrapper(kill), pytest.raises(Killed):
        yield


def has_wishes(tenant: Tenant) -> bool:
    with within(tenant):
        return "receivers_wish" in connection.introspection.table_names()


@pytest.mark.slow
def test_killed_in_between_it_is_as_it_was(release, acme, globex):
    """The next `migrate` continues with it."""
    with killed_in(acme):
        migrate()
    assert not Tenant.objects.get(pk=acme.pk).is_complete
    assert not has_wishes(acme)
    migrate()
    assert all(tenant.is_complete for tenant in all_tenants())


@pytest.mark.slow
def test_killed_on_the_way_back_it_is_as_it_was(release, acme):
    migrate()
    with killed_in(acme):
        migrate(app_label="receivers", migration_name="0001")
    assert Tenant.objects.get(pk=acme.pk).is_complete
    assert has_wishes(acme)


@pytest.mark.slow
def test_a_content_type_under_another_id_is_refused(release, acme):
    sql(acme, "INSERT INTO django_content_type (id, app_label, model) VALUES (9000, 'receivers', 'wish')")
    with pytest.raises(CommandError, match=r"(?s)acme.*django_content_type"):
        migrate()
    assert not Tenant.objects.get(pk=acme.pk).is_complete


@pytest.mark.slow
def test_one_organisation_by_name(release, acme, globex):
    """The template always goes first, since it determines the ids."""
    migrate(tenant="acme")
    assert Tenant.objects.get(pk=acme.pk).is_complete
    assert not Tenant.objects.get(pk=globex.pk).is_complete
    assert Tenant.objects.template().is_complete


def test_an_unknown_name(db):
    with pytest.raises(CommandError, match="no organisation 'nobody'"):
        migrate(tenant="nobody")


def test_plan_changes_nothing(release, acme):
    before = list(Tenant.objects.values())
    report = migrate(plan=True)
    assert "receivers.0002_wish" in report
    assert f"{len(before) - 1} organisations are behind." in report
    assert list(Tenant.objects.values()) == before


@pytest.mark.parametrize("options", [{}, {"tenant": "acme"}])
def test_check_fails_if_anything_is_behind_and_changes_nothing(release, acme, options):
    before = list(Tenant.objects.values())
    with pytest.raises(SystemExit) as end:
        migrate(check_unapplied=True, **options)
    assert end.value.code == 1
    assert list(Tenant.objects.values()) == before


def test_check_passes_if_nothing_is(acme):
    assert "0 organisations are behind." in migrate(check_unapplied=True)


def test_before_the_first_migrate_there_is_no_template(db):
    Tenant.objects.filter(state=Tenant.State.TEMPLATE).delete()
    assert "no template yet" in migrate(plan=True)
    with pytest.raises(SystemExit):
        migrate(check_unapplied=True)


@pytest.mark.slow
def test_back_to_an_older_release(release, acme, settings):
    migrate()
    migrate(app_label="receivers", migration_name="0001")
    assert not any(tenant.is_complete for tenant in all_tenants())
    del settings.MIGRATION_MODULES["receivers"]
    forget()
    assert all(tenant.is_complete for tenant in all_tenants())
    with within(acme), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('receivers_wish')")
        assert cursor.fetchone() == (None,)


def test_public_has_no_table_of_the_organisations(db):
    with public(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert "tenants_tenant" in tables
    assert not {"profiles_user", "auth_group", "profiles_session", "django_content_type"} & tables


def test_a_schema_has_no_table_of_public(acme):
    with within(acme), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert {"profiles_user", "django_content_type"} <= tables
    assert not {table for table in tables if table.startswith(("tenants_", "procrastinate_"))}


def test_no_foreign_key_crosses_a_schema(db):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint k JOIN pg_class here ON here.oid = conrelid "
            "JOIN pg_class there ON there.oid = confrelid WHERE here.relnamespace <> there.relnamespace"
        )
        assert cursor.fetchall() == []
