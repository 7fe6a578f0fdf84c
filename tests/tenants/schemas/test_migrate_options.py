"""Options of Django's `migrate`: each works for all schemas, or is refused with an explanation."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import Error
from django.core.checks.registry import registry
from django.core.management import CommandError, execute_from_command_line
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.testing import needs
from tenants.context import public
from tenants.fingerprint import code_fingerprint
from tenants.models import Tenant
from tests.tenants.migrating import all_differences, assert_all_equal_the_template, columns, later_code, migrate, sql
from tests.tomorrow import TODAY

CONTENT_TYPES = "SELECT id, app_label, model FROM django_content_type ORDER BY id"
PERMISSIONS = "SELECT id, codename, content_type_id FROM auth_permission ORDER BY id"


def state() -> list[Any]:
    with public():
        return list(Tenant.objects.order_by("pk").values())


def queries_of_nothing_to_do(more: int) -> int:
    """With so many more organisations: rows only, since nothing else is read."""
    Tenant.objects.bulk_create(Tenant(fingerprint=code_fingerprint()) for _ in range(more))
    with CaptureQueriesContext(connection) as queries:
        assert "All organisations are up to date." in migrate()
    return len(queries)


def test_nothing_to_do_costs_the_same_at_any_number_of_organisations(db):
    migrate()
    assert queries_of_nothing_to_do(3) == queries_of_nothing_to_do(300) <= 12


@pytest.fixture
def wrong_code() -> Iterator[None]:
    """Django's checks find an error in it."""

    def find(**kwargs: Any) -> list[Error]:
        return [Error("This code is wrong.")]

    registry.register(find)
    yield
    registry.registered_checks.discard(find)


@pytest.mark.parametrize("options", [{}, {"plan": True}, {"tenant": "acme"}, {"app_label": "profiles"}])
def test_wrong_code_is_refused_before_anything_is_changed(tomorrow, acme, wrong_code, options):
    before = state()
    with pytest.raises(SystemCheckError, match="This code is wrong"):
        migrate(skip_checks=False, **options)
    assert state() == before


def test_code_is_not_checked_with_nothing_to_do(db, wrong_code):
    """The checks import every page, which would take longer than everything else."""
    assert "All organisations are up to date." in migrate(skip_checks=False)


@pytest.mark.slow
def test_who_skips_the_checks_goes_on(tomorrow, acme, wrong_code):
    migrate(skip_checks=True)
    assert "nickname" in columns(acme, "profiles_profile")


# --- One organisation ---


@pytest.mark.slow
def test_one_organisation_and_one_app(tomorrow, acme, globex):
    migrate("profiles", "9002")
    migrate("profiles", TODAY, tenant="acme")
    assert "nickname" not in columns(acme, "profiles_profile")
    assert "nickname" in columns(globex, "profiles_profile")
    migrate("profiles", "9002", tenant="acme")
    assert "nickname" in columns(acme, "profiles_profile")
    assert_all_equal_the_template()


@pytest.mark.slow
def test_one_organisation_gets_the_templates_ids(tomorrow, acme):
    """Although its own sequences are ahead."""
    migrate("profiles", TODAY, tenant="acme")
    sql(acme, "SELECT setval('django_content_type_id_seq', 900), setval('auth_permission_id_seq', 900)")
    migrate()
    migrate("profiles", TODAY, tenant="acme")
    migrate("profiles", tenant="acme")
    for query in (CONTENT_TYPES, PERMISSIONS):
        assert sql(acme, query) == sql(Tenant.objects.template(), query)


def test_one_organisation_goes_no_further_than_the_template(tomorrow, acme):
    before = state()
    with pytest.raises(CommandError, match=r"does not have profiles\.9002_nickname yet.*leave --tenant or the app out"):
        migrate("profiles", "9002", tenant="acme")
    assert state() == before
    assert "nickname" not in columns(acme, "profiles_profile")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "No installed app with label 'nothing'"),
        (("shared",), "App 'shared' does not have migrations"),
        (("profiles", "9999"), "Cannot find a migration matching '9999' from app 'profiles'"),
        (("profiles", "0"), "More than one migration matches '0' in app 'profiles'"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"tenant": "acme"}])
def test_unknown_names(tomorrow, acme, words, said, options):
    before = state()
    with pytest.raises(CommandError, match=said):
        migrate(*words, **options)
    assert state() == before


def test_the_template_is_not_an_organisation(db):
    with pytest.raises(CommandError, match="leave --tenant out"):
        migrate(tenant="tenant_template")


@pytest.mark.slow
@needs("profiles.renaming")
def test_an_app_is_taken_out_of_all_and_put_back(acme, globex):
    migrate("renaming", "zero")
    for tenant in (acme, globex):
        assert sql(tenant, "SELECT to_regclass('renaming_formername') IS NULL") == [(True,)]
    assert all_differences() == []
    migrate("renaming")
    assert_all_equal_the_template()
    assert Tenant.objects.get(slug="acme").is_complete


@pytest.mark.slow
@pytest.mark.parametrize("asked", [((), {"tenant": "acme"}), (("profiles",), {})], ids=["an organisation", "an app"])
def test_the_table_of_organisations_goes_first(acme, asked):
    """This code could not read an organisation's row: it expects a column that does not exist yet."""
    words, options = asked
    assert "Go on with that release's code." in migrate("tenants", "0010")
    with pytest.raises(CommandError, match="migrate tenants` first"):
        migrate(*words, **options)
    with pytest.raises(CommandError, match="migrate tenants` first"):
        migrate(plan=True, tenant="acme")
    assert "0 organisations are behind." in migrate(plan=True)
    migrate("tenants")
    migrate(*words, **options)
    assert_all_equal_the_template()


# --- Looking without touching ---


@pytest.mark.parametrize(
    ("words", "options", "status"),
    [
        ((), {}, 1),
        ((), {"tenant": "globex"}, 1),
        (("profiles",), {}, 1),
        (("account",), {}, 0),
        (("profiles", TODAY), {}, 0),
        (("profiles", TODAY), {"tenant": "acme"}, 0),
        (("profiles", "9002"), {"tenant": "acme"}, 1),
    ],
)
def test_check_is_about_what_is_named(tomorrow, acme, words, options, status):
    before, ended = state(), 0
    try:
        migrate(*words, check_unapplied=True, **options)
    except SystemExit as end:
        ended = int(str(end.code))
    assert (ended, state()) == (status, before)


def test_check_of_one_that_is_up_to_date_while_another_is_not(acme, globex):
    Tenant.objects.filter(pk=globex.pk).update(fingerprint="")
    assert "0 organisations are behind." in migrate(check_unapplied=True, tenant="acme")
    with pytest.raises(SystemExit):
        migrate(check_unapplied=True, tenant="globex")


@pytest.mark.slow
def test_plan_of_one_organisation_and_app(acme):
    """Its state differs from the template's: its own plan is shown."""
    with later_code("tests.tomorrow"):
        migrate("profiles", "9003")
        migrate("profiles", "9002", tenant="acme")
        said = migrate("profiles", "9003", tenant="acme", plan=True)
        assert "profiles.9003_shout" in said
        assert "profiles.9002_nickname" not in said


# --- Only noting ---


@pytest.mark.slow
def test_fake_backwards(tomorrow, acme):
    migrate()
    migrate("profiles", TODAY, fake=True)
    assert "nickname" in columns(acme, "profiles_profile")
    assert sql(acme, "SELECT name FROM django_migrations WHERE app = 'profiles' ORDER BY name")[-1:] == [(TODAY,)]


@pytest.mark.slow
def test_fake_of_one_organisation(tomorrow, acme, globex):
    migrate("profiles", "9002")
    migrate("profiles", TODAY, tenant="acme", fake=True)
    assert "nickname" in columns(acme, "profiles_profile")
    assert sql(acme, "SELECT name FROM django_migrations WHERE app = 'profiles' ORDER BY name")[-1:] == [(TODAY,)]
    [newest] = sql(globex, "SELECT max(name) FROM django_migrations WHERE app = 'profiles'")
    assert newest == ("9002_nickname",)


# --- Refused ---


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fake_initial": True}, "--fake-initial looks at one schema's tables"),
        ({"prune": True, "app_label": "profiles"}, "--prune looks at one schema"),
        ({"database": "other"}, "leave --database out"),
        ({"format": "json", "plan": True}, "--format json reports what was done"),
        ({"format": "json", "check_unapplied": True}, "--format json reports what was done"),
        ({"jobs": 0}, "--jobs must be 1 or more"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_cannot_work_for_all_schemas_is_refused_in_a_sentence(tomorrow, options, said):
    before = state()
    with pytest.raises(CommandError, match=said):
        migrate(**options)
    assert state() == before


def test_tables_without_migrations_are_refused(tomorrow, settings):
    """`--run-syncdb` would create them in the template, so only new organisations would have them."""
    settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, "receivers": None}
    with pytest.raises(CommandError, match=r"tables of receivers in the template alone.*makemigrations receivers"):
        migrate(run_syncdb=True)


def test_run_syncdb_without_anything_to_make_is_no_obstacle(acme):
    """Django's test runner uses it."""
    assert apps.get_app_config("shared").models_module is None
    assert "All organisations are up to date." in migrate(run_syncdb=True)


@pytest.mark.parametrize("word", ["--nonsense", "--format=yaml", "--database=other", "--jobs=many"])
def test_unknown_options_end_with_status_2(word, capsys):
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", "migrate", word])
    assert end.value.code == 2
    assert word.split("=")[0] in capsys.readouterr().err
