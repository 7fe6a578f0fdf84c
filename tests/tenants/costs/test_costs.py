"""What each organisation costs: counted while it works, and written by `manage.py costs`."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config.bundled.server import SUPERUSER
from profiles.models import User
from profiles.testing import SiteClient, person
from tenants.context import current, public, within
from tenants.costs import counting, reading
from tenants.costs.counting import JOBS, REQUESTS, Counts, counts
from tenants.costs.models import Usage
from tenants.costs.tasks import forget
from tests.storages import make_media
from tests.tenants import jobs

THIS_MONTH = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    counts._seconds.clear()


def usage(tenant) -> Usage:
    with public():
        return Usage.objects.get(tenant=tenant)


def read(*arguments: str) -> dict[str, dict[str, str]]:
    """The command's lines, by slug."""
    out = StringIO()
    call_command("costs", *arguments, stdout=out, stderr=StringIO())
    return {line["slug"]: line for line in csv.DictReader(StringIO(out.getvalue()))}


# --- Counting -------------------------------------------------------------------------------------------------------


def test_requests_and_jobs_count_for_their_own_organisation(acme, globex, run_jobs):
    SiteClient(acme).sign_in(person(acme, "reader")).get("/people/")
    with within(globex):
        jobs.greet.defer(pk=1)
    assert run_jobs() == 1
    counts.write()
    assert 0 < usage(acme).request_seconds < 10
    assert usage(acme).job_seconds == 0
    assert 0 < usage(globex).job_seconds < 10
    assert usage(globex).request_seconds == 0
    assert usage(acme).month.day == 1


def test_a_job_that_fails_has_cost_something_too(acme, run_jobs):
    with within(acme):
        jobs.sweep.defer()
    with pytest.raises(LookupError):
        run_jobs()
    counts.write()
    assert usage(acme).job_seconds > 0


def test_what_several_processes_count_is_added(acme, globex):
    for seconds in (1.5, 2.5):
        process = Counts()
        process.add(acme.schema_name, REQUESTS, seconds)
        process.add(globex.schema_name, JOBS, 1)
        process.add("t_gone", REQUESTS, 1)
        process.write()
        process.write()
    assert (usage(acme).request_seconds, usage(acme).job_seconds) == (4, 0)
    assert usage(globex).job_seconds == 2
    with public():
        assert Usage.objects.count() == 2


def test_a_request_writes_once_in_so_many_seconds(acme, settings):
    client = SiteClient(acme)
    client.get("/account/login/")
    with public():
        assert not Usage.objects.exists()
    settings.COSTS_WRITE_SECONDS = 0
    client.get("/account/login/")
    assert usage(acme).request_seconds > 0


def test_what_postgresql_does_not_take_is_kept(acme, monkeypatch):
    process = Counts()
    process.add(acme.schema_name, REQUESTS, 3)
    add = counting.ADD
    monkeypatch.setattr(counting, "ADD", add.replace("costs_usage", "nothing_here"))
    process.write()
    monkeypatch.setattr(counting, "ADD", add)
    process.write()
    assert usage(acme).request_seconds == 3


def test_usage_ends_after_two_years(acme):
    with public():
        for days in (10, 740):
            Usage.objects.create(tenant=acme, month=timezone.now().date() - timedelta(days=days))
    forget()
    assert usage(acme).month > timezone.now().date() - timedelta(days=20)


# --- The command ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["disk", "bucket"])
def test_each_organisation_has_its_line(kind, acme, globex, settings, tmp_path):
    make_media(kind, settings, tmp_path)
    with within(acme):
        default_storage.save("photos/a.txt", ContentFile(b"12345"))
        default_storage.save("photos/deep/b.txt", ContentFile(b"123"))
    with within(globex):
        default_storage.save("c.txt", ContentFile(b"1"))
        User.objects.create_user(username="more", email="more@globex.example")
    with public():
        Usage.objects.create(tenant=acme, month=THIS_MONTH, request_seconds=12.3456, job_seconds=2)
        Usage.objects.create(tenant=acme, month=date(2026, 10, 1), request_seconds=99)
    lines = read("--month", "2026-11")
    assert {"acme", "globex"} <= lines.keys()
    assert (lines["acme"]["request_seconds"], lines["acme"]["job_seconds"]) == ("12.346", "2.0")
    assert (lines["acme"]["file_bytes"], lines["globex"]["file_bytes"]) == ("8", "1")
    assert lines["acme"]["schema"] == acme.schema_name
    assert 500_000 < int(lines["acme"]["schema_bytes"]) < 20_000_000
    assert (lines["acme"]["statements"] == "") is (reading.statements_schema() is None)
    assert read("--month", "2026-10")["acme"]["request_seconds"] == "99.0"
    assert read("acme").keys() == {"acme"}
    assert current() is None


def test_the_same_as_json_and_in_batches(acme, globex, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 1)
    out, error = StringIO(), StringIO()
    call_command("costs", "--format", "json", stdout=out, stderr=error)
    found = json.loads(out.getvalue())
    assert [each["slug"] for each in found] == ["acme", "globex"]
    assert found[0].keys() == set(read("acme")["acme"])
    assert (found[0]["statements"] is None) is (reading.statements_schema() is None)
    assert error.getvalue() == "Statements: not counted by PostgreSQL (see docs/operations.md).\n"
    assert len(out.getvalue().splitlines()) == 4
    call_command("costs", "nobody", "--format", "json", stdout=(nothing := StringIO()), stderr=error)
    assert json.loads(nothing.getvalue()) == []


def test_a_month_is_written_as_one(acme):
    with pytest.raises(CommandError, match="November is no month"):
        call_command("costs", "--month", "November")


# --- Statements -----------------------------------------------------------------------------------------------------


@pytest.fixture
def statements_counted(new_tenant) -> Iterator[None]:
    """The extension's views, out of an extension of its name with figures of its own: the bundled server lacks it."""
    if reading.statements_schema():
        pytest.skip("the database has the extension itself")
    with TemporaryDirectory() as path:
        Path(path).chmod(0o755)  # the server may run as another user
        yield from extension(Path(path), new_tenant("counted").schema_name)


def extension(path: Path, role: str) -> Iterator[None]:
    folder = path / "extension"
    folder.mkdir()
    (folder / "pg_stat_statements.control").write_text("default_version = '1.0'\nrelocatable = false\n")
    (folder / "pg_stat_statements--1.0.sql").write_text(
        f"""
        CREATE VIEW pg_stat_statements AS
            SELECT role.oid AS userid, database.oid AS dbid, 21::bigint AS calls, 1500::float8 AS total_exec_time
            FROM pg_roles role, pg_database database, generate_series(1, 2)
            WHERE rolname = '{role}';
        CREATE VIEW pg_stat_statements_info AS SELECT '2026-11-02 03:04:05Z'::timestamptz AS stats_reset;
        GRANT SELECT ON pg_stat_statements, pg_stat_statements_info TO PUBLIC;
        """  # noqa: S608  our own name
    )
    superuser = connection.get_connection_params() | {"user": SUPERUSER, "autocommit": True}
    for unknown in ("cursor_factory", "context", "prepare_threshold", "client_encoding"):
        superuser.pop(unknown, None)
    with psycopg.connect(**superuser) as server:
        server.execute(f"SET extension_control_path = '{path}'")
        server.execute("CREATE SCHEMA statistics; GRANT USAGE ON SCHEMA statistics TO PUBLIC")
        try:
            server.execute("CREATE EXTENSION pg_stat_statements SCHEMA statistics")
            yield
        finally:
            server.execute("DROP SCHEMA statistics CASCADE")


def test_statements_are_counted_by_role(statements_counted):
    out, error = StringIO(), StringIO()
    call_command("costs", "--format", "json", stdout=out, stderr=error)
    found = {each["slug"]: (each["statements"], each["statement_seconds"]) for each in json.loads(out.getvalue())}
    assert found == {"acme": (0, 0.0), "globex": (0, 0.0), "counted": (42, 3.0)}
    assert error.getvalue() == "Statements: since 2026-11-02 03:04 UTC.\n"


def test_the_extension_itself_counts_by_role(acme, globex):
    """Run on a server that has it: `DATABASE_URL=… make test ARGS=tests/tenants/costs` (docs/operations.md)."""
    if not reading.statements_schema():
        pytest.skip("the database has no pg_stat_statements")
    before = read("--format", "csv")
    for _ in range(7):
        SiteClient(acme).get("/account/login/")
        with within(acme):
            assert User.objects.filter(username="owner").exists()
    after = read("--format", "csv")
    assert int(after["acme"]["statements"]) - int(before["acme"]["statements"]) >= 7
    assert float(after["acme"]["statement_seconds"]) >= float(before["acme"]["statement_seconds"])
    assert after["globex"]["statements"] == before["globex"]["statements"]


def test_without_roles_they_cannot_be_told_apart(statements_counted, settings):
    settings.DATABASE_ROLES = False
    assert reading.statements_schema() is None
