"""The end of an organisation: nothing of it is left or reached, killed at any point, and nothing of another changes."""

import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from config.bundled.server import SUPERUSER
from profiles.demo import demo_people_remain
from profiles.logos import keep_logo
from profiles.models import User
from profiles.pictures import keep_pictures
from tenants import hosts, remove
from tenants.comparing import differences
from tenants.context import as_owner, public, within
from tenants.errors import SchemaIncomplete, TenantGone, WrongState
from tenants.models import Domain, Tenant
from tenants.rename import rename
from tenants.sign_up import check_slug
from tenants.spares import make_spare
from tests.conftest import SiteClient, person
from tests.tenants import jobs
from tests.tenants.test_commands import run

ROLE = "SELECT rolname FROM pg_roles WHERE rolname = %s"
SCHEMA = "SELECT nspname FROM pg_namespace WHERE nspname = %s"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1"
JOBS = "SELECT id, task_name, args::text FROM procrastinate_jobs WHERE args ->> 'schema_name' = %s"


class Killed(BaseException):
    """What stands for the end of the process: nobody catches it."""


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def furnished(acme, globex) -> tuple[Tenant, Tenant]:
    """Both have all that an organisation can have, the same in each: pictures, jobs, a domain of its own."""
    for tenant in (acme, globex):
        Domain.objects.create(tenant=tenant, domain=f"{tenant.slug}.example", is_primary=False)
        with within(tenant):
            keep_pictures(profile=person(tenant, "owner").profile, pictures={64: b"small", 512: b"large"})
            keep_logo(b"logo")
            jobs.greet.defer(pk=1)
    return acme, globex


def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def belongings(tenant: Tenant, media: Path) -> dict[str, Any]:
    """Everything that an organisation has, each row of each table too."""
    with within(tenant), as_owner():
        names = [name for (name,) in ask(TABLES)]
        rows = {name: sorted(map(str, ask(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608  PostgreSQL's own names
    with public():
        return {
            "rows": rows,
            "files": {path.name: path.read_bytes() for path in folder(tenant, media).rglob("*.webp")},
            "jobs": ask(JOBS, tenant.schema_name),
            "directory": list(Tenant.objects.filter(pk=tenant.pk).values()),
            "domains": list(Domain.objects.filter(tenant=tenant).values()),
            "role": ask(ROLE, tenant.schema_name),
            "schema": [str(each) for each in differences([tenant])],
        }


def folder(tenant: Tenant, media: Path) -> Path:
    return media / tenant.schema_name


def left_of(tenant: Tenant, media: Path) -> list[Any]:
    """What there is still of a removed one, but for the row that keeps its address."""
    schema = tenant.schema_name
    found = [*ask(ROLE, schema), *ask(SCHEMA, schema), *ask(JOBS, schema)]
    return [*found, *media.glob(schema), *Domain.objects.filter(domain=f"{tenant.slug}.example")]


def test_nothing_of_it_is_left_and_nothing_of_another_changes(furnished, media, visitor):
    acme, globex = furnished
    before = belongings(globex, media)
    assert len(before["rows"]) > 15
    assert sorted(before["files"].values()) == [b"large", b"logo", b"small"]
    assert (before["schema"], len(before["jobs"])) == ([], 1)
    remove.remove(acme)
    assert left_of(acme, media) == []
    assert visitor.get("/").status_code == 404
    assert belongings(globex, media) == before
    [row] = Tenant.objects.filter(pk=acme.pk).values("state", "name", "logo", "slug")
    assert row == {"state": "removed", "name": "", "logo": "", "slug": "acme"}


# --- Killed ---------------------------------------------------------------------------------------------------------


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """Die before the n-th statement is sent: what is committed until then stays, and nothing else."""
    sent = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal sent
        sent += not arguments[0].startswith("SELECT set_config")
        if sent == number:
            raise Killed
        return execute(*arguments)

    with connection.execute_wrapper(count):
        yield


def reached(tenant: Tenant) -> set[int]:
    """What its addresses answer: this process's memory of hosts is new, as another's is within some seconds."""
    hosts.clear()
    browser = SiteClient(tenant)
    return {browser.get(path).status_code for path in ("/account/login/", "/people/")}


def test_killed_before_any_statement_nothing_is_reached_and_a_second_run_finishes(furnished, media, tmp_path):
    acme, globex = furnished
    others, number, was_killed = belongings(globex, media), 0, True
    while was_killed:
        number += 1
        before = transaction.savepoint()
        with within(acme):
            keep_logo(b"another")  # The first round took the files.
        was_killed = False
        try:
            with killed_at(number):
                remove.remove(Tenant.objects.get(pk=acme.pk))
        except Killed:
            was_killed = True
        state = Tenant.objects.get(pk=acme.pk).state
        whole = state == "active" and differences_of(acme) == []
        assert whole or reached(acme) == {404}, f"killed before statement {number}, it is {state}"
        remove.remove(Tenant.objects.get(pk=acme.pk))
        assert left_of(acme, media) == [], f"killed before statement {number}"
        assert reached(acme) == {404}
        transaction.savepoint_rollback(before)
    assert number > 15
    assert belongings(globex, media) == others


def differences_of(tenant: Tenant) -> list[str]:
    return [str(each) for each in differences([tenant])]


def test_killed_among_its_files_a_second_run_finishes(furnished, media, monkeypatch):
    acme, _ = furnished
    unlink, deleted = os.unlink, []

    def die_at_the_second(*arguments: Any, **options: Any) -> None:
        deleted.append(arguments)
        if len(deleted) == 2:
            raise Killed
        unlink(*arguments, **options)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(os, "unlink", die_at_the_second)
        remove.remove(acme)
    assert folder(acme, media).exists()
    assert reached(acme) == {404}
    remove.remove(acme)
    assert left_of(acme, media) == []


def test_who_remembers_the_host_still_finds_no_table(acme):
    """Another process, in its last seconds of not knowing. PostgreSQL says it to each of its statements."""
    visitor = SiteClient(acme, raise_request_exception=False)
    assert visitor.get("/account/login/").status_code == 200
    known = hosts.memory()
    remove.close(acme)
    with pytest.raises(SchemaIncomplete), transaction.atomic(), within(acme):
        User.objects.exists()
    hosts._memory = known
    assert visitor.get("/account/login/").status_code == 200  # which asks for nothing
    assert visitor.post("/account/login/", {"login": "owner", "password": "x"}).status_code == 503


def test_without_roles_it_waits_until_all_processes_know(
    acme, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.DATABASE_ROLES = False
    monkeypatch.setattr(hosts, "SECONDS", 0.1)
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        remove.close(acme)
    assert time.monotonic() - began >= 0.1


# --- Many tables ----------------------------------------------------------------------------------------------------


def test_tables_go_in_batches_of_few_locks(new_tenant):
    """All transactions together have 6,400 of them with PostgreSQL's own settings."""
    tenant = new_tenant("spacious")
    with within(tenant), as_owner():
        with connection.cursor() as cursor:
            cursor.execute(";".join(table_with_indexes(number) for number in range(60)))
        with transaction.atomic():
            at_once = locks_after(f'DROP SCHEMA "{tenant.schema_name}" CASCADE')
            transaction.set_rollback(True)
    most = 0

    def measure(execute: Any, sql: str, *arguments: Any) -> Any:
        nonlocal most
        if not sql.startswith("DROP"):
            return execute(sql, *arguments)
        with transaction.atomic():
            result = execute(sql, *arguments)
            most = max(most, *ask("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")[0])
        return result

    with connection.execute_wrapper(measure):
        remove.remove(tenant)
    assert 50 < most < 500 < at_once


def table_with_indexes(number: int) -> str:
    return (
        f"CREATE TABLE extra_{number} (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, text text UNIQUE,"
        f" author_id bigint NOT NULL REFERENCES profiles_user DEFERRABLE INITIALLY DEFERRED);"
        f"CREATE INDEX ON extra_{number} (author_id)"
    )


def locks_after(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return int(ask("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")[0][0])


def test_views_functions_and_types_go_too(acme, media):
    with within(acme), as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIEW addresses AS SELECT email FROM profiles_user; CREATE TYPE mood AS ENUM ('fine');"
            "CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM profiles_user';"
            "CREATE TABLE log (day date) PARTITION BY RANGE (day);"
            "CREATE TABLE log_now PARTITION OF log DEFAULT"
        )
    remove.remove(acme)
    assert left_of(acme, media) == []


# --- Its address ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["acme", "acrne", "ac-me", "apex"])
def test_its_addresses_present_and_former_stay_taken(acme, slug):
    rename(acme, slug="apex")
    remove.remove(acme)
    with pytest.raises(ValidationError, match="taken"):
        check_slug(slug)


def test_its_own_domain_can_be_anothers(furnished):
    acme, globex = furnished
    remove.remove(acme)
    Domain.objects.create(tenant=globex, domain="acme.example", is_primary=False)


def test_an_address_can_be_released_at_once_or_later(acme):
    said = run("remove_organisation", "acme", interactive=False)
    assert said.endswith("acme is removed. Its address stays taken.\n")
    said = run("remove_organisation", "acme", interactive=False, release_address=True)
    assert said.endswith("acme is removed. Its address can be had by others.\n")
    check_slug("acme")
    assert not Tenant.objects.filter(pk=acme.pk).exists()


# --- The command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def typing(monkeypatch) -> Callable[[str], None]:
    """Say what the operator types."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_it_says_first_what_goes(furnished, typing, capsys):
    typing("")
    out = io.StringIO()
    with pytest.raises(CommandError, match="nothing is removed"):
        call_command("remove_organisation", "acme", stdout=out)
    words = " ".join(out.getvalue().split())
    assert words.startswith(f"Acme (acme, active) goes for good: schema {furnished[0].schema_name} members 5 tables ")
    assert words.endswith("files 3, 14 bytes")
    assert "Type acme to remove it: " in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "globex\n", "y\n", "Acme\n"])
def test_who_does_not_type_its_slug_removes_nothing(acme, typing, typed):
    typing(typed)
    with pytest.raises(CommandError, match="not its slug: nothing is removed"):
        run("remove_organisation", "acme")
    assert Tenant.objects.get(pk=acme.pk).state == "active"


def test_who_types_its_slug_removes_it(acme, typing, media):
    typing("acme\n")
    run("remove_organisation", acme.schema_name)
    assert left_of(acme, media) == []


def test_neither_the_template_nor_a_spare_is_removed(db):
    for tenant in (Tenant.objects.template(), make_spare()):
        with pytest.raises(CommandError, match=f"{tenant.schema_name} is no organisation, but a {tenant.state}"):
            run("remove_organisation", tenant.schema_name, interactive=False)
        with pytest.raises(WrongState):
            remove.remove(tenant)
        assert ask(SCHEMA, tenant.schema_name)


def test_one_whose_schema_and_role_are_lost_can_be_removed(acme, media):
    with as_owner(), public(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {acme.schema_name} CASCADE; DROP ROLE {acme.schema_name}")
    assert "members 0 tables 0, 0" in " ".join(run("remove_organisation", "acme", interactive=False).split())
    assert left_of(acme, media) == []


# --- Whoever goes through all organisations -------------------------------------------------------------------------


@pytest.fixture(params=["leaving", "removed"])
def gone(request, acme) -> Tenant:
    """Its removal was killed after its tables; or is through."""
    if request.param == "removed":
        remove.remove(acme)
    else:
        remove.close(acme)
        remove.drop_tables(acme)
    return Tenant.objects.get(pk=acme.pk)


def test_migrate_leaves_it_alone(gone):
    Tenant.objects.filter(pk=gone.pk).update(fingerprint="old")
    assert "All organisations are up to date." in run("migrate")
    assert "0 organisations are behind." in run("migrate", check_unapplied=True)


def test_check_schemas_leaves_it_alone(gone):
    assert "schemas equal the template" in run("check_schemas")


def test_grant_roles_gives_it_none(gone):
    call_command("grant_roles", verbosity=0)
    with as_owner():
        assert (
            ask(
                "SELECT FROM pg_namespace WHERE nspname = %s AND nspacl::text LIKE '%%'||nspname||'=%%'",
                gone.schema_name,
            )
            == []
        )


def test_the_list_shows_it(gone):
    [line] = [line for line in run("tenants").splitlines() if line.startswith("acme ")]
    assert line.split()[2:4] == [gone.state, "-"]


@pytest.mark.parametrize("command", ["shell", "migrate", "check_schemas", "unsent_mail", "make_profiles"])
def test_no_command_works_in_it(gone, command):
    with pytest.raises(CommandError, match=f"acme is {gone.state}"):
        call_command(command, tenant="acme")


def test_its_jobs_are_over(gone):
    with pytest.raises(TenantGone):
        jobs.greet.run(schema_name=gone.schema_name, arguments={"pk": 1})


def test_production_starts_where_the_demo_was_removed(gone):
    assert not demo_people_remain()


def test_a_job_at_work_is_its_workers_to_end(acme):
    with within(acme):
        number = jobs.greet.defer(pk=1)
    with public():
        ProcrastinateJob.objects.filter(pk=number).update(status="doing")
    remove.remove(acme)
    with public():
        assert ProcrastinateJob.objects.filter(pk=number).exists()


def test_a_role_with_rights_in_another_database_stays(new_tenant, media):
    """Of a copy of the schema, restored beside. Here it can do nothing."""
    tenant = new_tenant("copied")
    parameters = connection.get_connection_params()
    superuser = {"host": parameters["host"], "port": parameters["port"], "user": SUPERUSER, "autocommit": True}
    with psycopg.connect(**superuser, dbname="postgres") as server:
        server.execute("DROP DATABASE IF EXISTS beside")
        server.execute("CREATE DATABASE beside")
        try:
            with psycopg.connect(**superuser, dbname="beside") as beside:
                beside.execute(f"GRANT CREATE ON SCHEMA public TO {tenant.schema_name}")
            remove.remove(tenant)
        finally:
            server.execute("DROP DATABASE beside")
    assert left_of(tenant, media) == [(tenant.schema_name,)]
    remove.remove(tenant)
    assert left_of(tenant, media) == []
