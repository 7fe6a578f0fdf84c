"""Removing an organisation: if killed, it is unreachable; in the end nothing is left; and no other one changes."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from storages.backends.s3 import S3Storage

from config.bundled.server import SUPERUSER
from profiles.models import User
from profiles.pictures.logos import keep_logo
from profiles.testing import SiteClient
from tenants.context import as_owner, public, within
from tenants.errors import SchemaIncomplete
from tenants.models import Domain, Tenant
from tenants.organisations import remove
from tenants.organisations.rename import rename
from tenants.organisations.sign_up import check_slug
from tenants.organisations.suspend import suspend
from tenants.schemas.drift import differences
from tenants.serving import hosts
from tests.tenants import jobs
from tests.tenants.commands import run
from tests.tenants.removing import belongings, left_of
from tests.tenants.where import ask

pytestmark = pytest.mark.usefixtures("media")
on_any_storage = pytest.mark.parametrize(
    "media", ["disk", pytest.param("bucket", marks=pytest.mark.slow)], indirect=True
)


class Killed(BaseException):
    """Simulates the end of the process: no code catches it."""


@on_any_storage
def test_nothing_of_it_is_left_and_nothing_of_another_changes(furnished, media, visitor):
    acme, globex = furnished
    before = belongings(globex, media)
    assert len(before["rows"]) > 15
    assert sorted(before["files"].values()) == [b"large", b"logo", b"small"]
    assert (before["schema"], len(before["jobs"])) == ([], 2)
    remove.remove(acme)
    assert left_of(acme, media) == []
    assert visitor.get("/").status_code == 404
    assert belongings(globex, media) == before
    [row] = Tenant.objects.filter(pk=acme.pk).values("state", "name", "logo", "slug", "fingerprint")
    assert row == {"state": "removed", "name": "", "logo": "", "slug": "acme", "fingerprint": ""}
    assert acme.state == "removed"


def test_a_suspended_one_can_be_removed_and_from_inside_another(acme, globex, media):
    suspend(acme)
    with within(globex):
        remove.remove(acme)
    assert left_of(acme, media) == []


def test_not_in_a_transaction_which_would_make_all_its_steps_one(acme):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        remove.remove(acme)
    assert Tenant.objects.get(pk=acme.pk).state == "active"


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
    """The responses of its addresses, with an empty cache of hosts, which other processes have within some seconds."""
    hosts.clear()
    browser = SiteClient(tenant)
    return {browser.get(path).status_code for path in ("/account/login/", "/people/")}


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("media", "deletion"),
    [("disk", (os, "remove")), pytest.param("bucket", (S3Storage, "delete"), marks=pytest.mark.slow)],
    indirect=["media"],
)
def test_killed_among_its_files_a_second_run_finishes(furnished, media, monkeypatch, deletion):
    acme, _ = furnished
    delete, deleted = getattr(*deletion), []

    def die_at_the_second(*arguments: Any) -> None:
        deleted.append(arguments)
        if len(deleted) == 2:
            raise Killed
        delete(*arguments)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(*deletion, die_at_the_second)
        remove.remove(acme)
    assert media.rest(acme) != []
    assert reached(acme) == {404}
    remove.remove(acme)
    assert left_of(acme, media) == []


def test_who_remembers_the_host_still_finds_no_table(acme):
    """Another process, which does not yet know of the removal. PostgreSQL refuses each of its statements."""
    visitor = SiteClient(acme, raise_request_exception=False)
    assert visitor.get("/account/inactive/").status_code == 200
    known = hosts._memory
    remove.close(acme)
    with pytest.raises(SchemaIncomplete), transaction.atomic(), within(acme):
        User.objects.exists()
    hosts._memory = known
    assert visitor.get("/account/inactive/").status_code == 200  # which asks for nothing
    assert visitor.post("/account/login/", {"login": "owner", "password": "x"}).status_code == 503


def test_without_roles_it_waits_until_all_processes_know_before_anything_goes(acme, settings, monkeypatch):
    settings.DATABASE_ROLES = False
    monkeypatch.setattr(hosts, "SECONDS", 0.1)
    began = time.monotonic()
    monkeypatch.setattr(remove, "drop_tables", Mock(side_effect=Killed))
    with pytest.raises(Killed):
        remove.remove(acme)
    assert time.monotonic() - began >= 0.1
    assert reached(acme) == {404}


# --- Many tables ----------------------------------------------------------------------------------------------------


def test_tables_go_in_batches_of_few_locks(new_tenant):
    """With PostgreSQL's default settings, all transactions together can hold 6,400 locks."""
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
            most = max(most, locks())
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
    ask(statement)
    return locks()


def locks() -> int:
    return int(ask("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()"))


def test_views_functions_types_and_odd_names_go_too(acme, media):
    with within(acme), as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIEW addresses AS SELECT email FROM profiles_user; CREATE TYPE mood AS ENUM ('fine');"
            "CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM profiles_user';"
            "CREATE TABLE log (day date) PARTITION BY RANGE (day);"
            "CREATE TABLE log_now PARTITION OF log DEFAULT;"
            'CREATE TABLE "Odd ""name""" ()'
        )
    remove.remove(acme)
    assert left_of(acme, media) == []


def test_a_job_at_work_is_its_workers_to_end(acme):
    with within(acme):
        number = jobs.greet.defer(pk=1)
    with public():
        ProcrastinateJob.objects.filter(pk=number).update(status="doing")
    remove.remove(acme)
    with public():
        assert ProcrastinateJob.objects.filter(pk=number).exists()


def test_a_role_with_rights_in_another_database_stays(new_tenant, media):
    """The role has rights on a restored copy of the schema, and none here."""
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


# --- Its address ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["acme", "acrne", "ac-me", "apex"])
def test_its_addresses_present_and_former_stay_taken(acme, slug):
    rename(acme, slug="apex")
    remove.remove(acme)
    with pytest.raises(ValidationError, match="taken"):
        check_slug(slug)


@pytest.mark.parametrize("domain", ["acme.example", "acmelocalhost"])
def test_its_own_domain_can_be_anothers(acme, globex, domain):
    Domain.objects.create(tenant=acme, domain=domain, is_primary=False)
    remove.remove(acme)
    Domain.objects.create(tenant=globex, domain=domain, is_primary=False)


def test_an_address_can_be_released_at_once_or_later(acme):
    said = run("remove_organisation", "acme", interactive=False)
    assert said.endswith("acme is removed. Its address stays taken.\n")
    said = run("remove_organisation", "acme", interactive=False, release_address=True)
    assert said.endswith("acme is removed. Its address is available to others.\n")
    check_slug("acme")
    assert not Tenant.objects.filter(pk=acme.pk).exists()
