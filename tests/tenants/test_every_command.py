"""Each command of `manage.py help` with organisations in every state: it works, or refuses with an explanation.

A new command, the product's or a library's, fails the first test until it has its line in DECISIONS.
"""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.utils import timezone

from profiles.models import Session, User
from tenants.context import current, public, within
from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tests.daily import part_each_day
from tests.tenants.commands import run

DECISIONS = {
    # Refused: each says what to use instead.
    "refused": """
        clean_orphan_obj_perms clone_tenant collectstatic_schemas create_domain create_missing_schemas create_tenant
        create_tenant_superuser createsuperuser delete_domain delete_tenant flush migrate_schemas
        remove_stale_contenttypes rename_schema sqlflush
    """,
    # In the organisation that --tenant names, and without it not at all, or for the directory by name.
    "inside": "changepassword dumpdata loaddata tenant_command",
    # In that one, or in each that has people.
    "everywhere": "account_unsetmultipleprimaryemails all_tenants_command clearsessions",
    # In that one, or in public. sqlmigrate: in the template, whose tables are everyone's.
    "either": "inspectdb showmigrations sqlmigrate sqlsequencereset",
    # Ours, with tests of their own.
    "ours": """
        backup backups check_files check_schemas compare_organisations costs demo export_organisation grant_roles
        hold_organisation import_organisation make_operator make_profiles migrate move_files nodes place_organisation
        provision ready reencrypt_secrets removal_certificate remove_organisation reset_second_factor
        restore_organisation resume_organisation shell suspend_organisation tenants unsent_mail work
    """,
    # Caches have no table; the queue is in public; `test` and `testserver` make a database of their own.
    "public": "createcachetable procrastinate test testserver",
    # No table of an organisation is touched. dbshell begins outside all of them.
    "harmless": """
        check collectstatic compilemessages dbshell deploy_check diffsettings findstatic makemessages makemigrations
        messages openapi optimizemigration runserver sendtestemail squashmigrations start_feature start_field startapp
        startproject
    """,
}
DECIDED = {name: kind for kind, names in DECISIONS.items() for name in names.split()}
# What to try a command with, so that it would do something.
ARGUMENTS: dict[str, list[str]] = {
    "changepassword": ["reader"],
    "dumpdata": ["profiles.user"],
    "loaddata": ["anything"],
    "sqlsequencereset": ["profiles"],
}
INSIDE = ["changepassword", "dumpdata", "loaddata"]
BY_TENANT = [*INSIDE, "clearsessions", "account_unsetmultipleprimaryemails", "inspectdb", "showmigrations"]
BY_TENANT += ["sqlsequencereset", "shell", "make_profiles", "unsent_mail"]


def commands_of(kind: str) -> list[str]:
    return DECISIONS[kind].split()


def test_every_command_is_decided():
    undecided = set(get_commands()) - set(DECIDED)
    assert not undecided, f"Decide what {undecided} do beside organisations, and write it down in DECISIONS here."


@pytest.mark.parametrize("name", commands_of("refused"))
def test_refused_in_words(acme, name):
    before = Tenant.objects.count()
    with pytest.raises(CommandError, match="Not here: "):
        call_command(name)
    assert Tenant.objects.count() == before
    assert Domain.objects.filter(tenant=acme).exists()


@pytest.mark.parametrize("name", ["changepassword", "dumpdata"])  # Of loaddata the fixture decides: below.
def test_rows_of_no_organisation_are_refused(acme, name):
    with pytest.raises(CommandError, match="--tenant"):
        call_command(name, *ARGUMENTS[name])


def test_a_cache_is_no_table(db, settings):
    call_command("createcachetable")
    with pytest.raises(CommandError, match="Redis"):
        call_command("createcachetable", "cache_table")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_table"}}
    with pytest.raises(CommandError, match="Redis"):
        call_command("createcachetable")


def test_tests_that_would_empty_everything_are_told_so(db):
    """As Django's TransactionTestCase calls it."""
    with pytest.raises(CommandError, match="`committed`"):
        call_command("flush", verbosity=0, interactive=False, database="default", reset_sequences=False)


@pytest.fixture(params=["template", "spare", "leaving", "removed"])
def without_people(request, globex) -> Tenant:
    """Tenants without members: spares, the template, removed ones."""
    if request.param == "template":
        return Tenant.objects.template()
    if request.param == "spare":
        return make_spare()
    Tenant.objects.filter(pk=globex.pk).update(state=request.param)
    globex.refresh_from_db()
    return globex


@pytest.mark.parametrize("name", part_each_day(BY_TENANT))
def test_what_is_no_organisation_is_refused(without_people, name):
    with pytest.raises(
        CommandError, match=f"is not an organisation, but a {without_people.state}|is {without_people.state}"
    ):
        call_command(name, *ARGUMENTS.get(name, []), tenant=without_people.schema_name)


def test_an_organisation_that_is_behind_waits(acme):
    Tenant.objects.filter(pk=acme.pk).update(fingerprint="older")
    with pytest.raises(CommandError, match=r"manage\.py migrate --tenant acme"):
        call_command("dumpdata", "profiles.user", tenant="acme")


@pytest.mark.parametrize("name", ["clearsessions", "account_unsetmultipleprimaryemails"])
def test_what_runs_everywhere_runs_where_people_are(without_people, acme, name):
    Tenant.objects.filter(pk=acme.pk).update(state=Tenant.State.SUSPENDED)
    out = run(name)
    assert "acme:" in out
    assert without_people.schema_name not in out
    if without_people.slug:
        assert f"{without_people.slug}:" not in out
    assert current() is None


def old_session(tenant: Tenant) -> None:
    with within(tenant):
        Session.objects.create(session_key="old", session_data="", expire_date=timezone.now())


def sessions(tenant: Tenant) -> int:
    with within(tenant):
        return Session.objects.count()


def test_expired_sessions_are_cleared_in_all_or_in_one(acme, globex):
    for tenant in (acme, globex):
        old_session(tenant)
    run("clearsessions", tenant="acme")
    assert (sessions(acme), sessions(globex)) == (0, 1)
    run("clearsessions")
    assert sessions(globex) == 0


def test_one_that_fails_is_named_and_the_others_go_on(acme, globex, monkeypatch):
    old_session(globex)
    from profiles.sign_in.session_store import SessionStore

    original = SessionStore.clear_expired

    def fail_in_acme(*args: Any) -> None:
        if current() == acme:
            raise LookupError("a broken disk")
        original()

    monkeypatch.setattr(SessionStore, "clear_expired", fail_in_acme)
    with pytest.raises(CommandError, match="acme: a broken disk"):
        run("clearsessions")
    assert sessions(globex) == 0


def test_rows_of_one_organisation_as_a_fixture_and_back(acme, globex, tmp_path):
    fixture = tmp_path / "people.json"
    fixture.write_text(run("dumpdata", "profiles.user", tenant="acme"))
    assert "owner@acme.example" in fixture.read_text()
    assert "globex" not in fixture.read_text()
    with within(acme):
        User.objects.filter(username="reader").update(first_name="Changed")
    run("loaddata", str(fixture), tenant="acme")
    with within(acme):
        assert User.objects.get(username="reader").first_name == "Rita"


def test_the_directory_as_a_fixture(acme):
    rows = json.loads(run("dumpdata", "tenants.domain"))
    assert "acme.localhost" in [row["fields"]["domain"] for row in rows]
    for labels in ([], ["profiles"], ["tenants", "auth"]):
        with pytest.raises(CommandError, match="--tenant"):
            call_command("dumpdata", *labels)
    with pytest.raises(CommandError, match="has its tables in public"):
        call_command("dumpdata", "tenants", tenant="acme")
    with pytest.raises(CommandError, match="no app"):
        call_command("dumpdata", "nonsense")


def test_a_fixture_is_loaded_where_its_rows_belong_or_not_at_all(acme, tmp_path):
    fixture = tmp_path / "mixed.json"
    host = {
        "model": "tenants.domain",
        "pk": 900,
        "fields": {"domain": "x.localhost", "tenant": acme.pk, "is_primary": False},
    }
    user = {"model": "profiles.user", "pk": 900, "fields": {"username": "new"}}
    fixture.write_text(json.dumps([host, user]))
    with pytest.raises(CommandError, match=r"profiles\.User has a table in each organisation"):
        run("loaddata", str(fixture))
    assert not Domain.objects.filter(pk=900).exists()
    with pytest.raises(CommandError, match=r"tenants\.Domain has its table in public"):
        run("loaddata", str(fixture), tenant="acme")
    with within(acme):
        assert not User.objects.filter(pk=900).exists()


def test_a_password_is_changed_in_one_organisation(acme, globex, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda **_kwargs: "a new long password")
    run("changepassword", "reader", tenant="acme")
    for tenant, changed in ((acme, True), (globex, False)):
        with within(tenant):
            assert User.objects.get(username="reader").check_password("a new long password") == changed


def test_tables_are_inspected_where_they_are(acme):
    assert "class ProfilesUser" in run("inspectdb", "profiles_user", tenant="acme")
    assert "class TenantsTenant" in run("inspectdb", "tenants_tenant")


def test_sql_of_a_migration_is_that_of_the_template(db):
    assert 'CREATE TABLE "profiles_user"' in run("sqlmigrate", "profiles", "0001")
    assert 'CREATE TABLE "tenants_tenant"' in run("sqlmigrate", "tenants", "0001")
    with public():
        Tenant.objects.filter(state=Tenant.State.TEMPLATE).update(state=Tenant.State.SPARE)
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        run("sqlmigrate", "profiles", "0001")


@pytest.mark.parametrize("line", [["--tenant", "acme", "dumpdata", "profiles.user"]])
def test_a_command_inside_one(acme, globex, line):
    for words in (line, ["dumpdata", "profiles.user", "--schema=acme"], ["-s", acme.schema_name, *line[2:]]):
        out = run("tenant_command", *words)
        assert "owner@acme.example" in out
        assert "globex" not in out
    assert current() is None
    for wrong in ([], ["dumpdata"], ["--tenant", "acme"]):
        with pytest.raises(CommandError, match="Name an organisation and a command"):
            run("tenant_command", *wrong)


def test_a_command_inside_what_is_none(without_people):
    with pytest.raises(CommandError, match=without_people.state):
        run("tenant_command", "--tenant", without_people.schema_name, "dumpdata", "profiles.user")


def test_a_command_inside_each(acme, without_people):
    out = run("all_tenants_command", "--no-public", "dumpdata", "profiles.user")
    assert "owner@acme.example" in out
    assert "owner@globex.example" not in out or without_people.slug is None
    assert without_people.schema_name not in out
    with pytest.raises(CommandError, match="Name a command"):
        run("all_tenants_command")
    with pytest.raises(CommandError, match="acme: Unknown command"):
        run("all_tenants_command", "no_such_command")
