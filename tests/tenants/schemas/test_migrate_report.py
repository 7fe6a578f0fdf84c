"""The output of `manage.py migrate`: a bar on a terminal, else plain lines; a final table, or JSON for programs."""

import json
import os
import pty
import re
import termios
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import IntegrityError, transaction

from profiles.models import User
from profiles.testing import needs
from tenants.context import within
from tenants.models import Tenant
from tenants.schemas.migrating.last import last_migrate, store
from tenants.schemas.migrating.report import Report
from tenants.schemas.migrating.run import Outcome
from tenants.schemas.spares import make_spare
from tests.tenants.migrating import columns, migrate, sql
from tests.tomorrow import TODAY

IN_THE_WAY = "CREATE TABLE profiles_note (in_the_way integer)"
RENAME = """
DO $$ BEGIN EXECUTE (SELECT format('ALTER TABLE profiles_note RENAME CONSTRAINT %I TO by_hand', conname)
FROM pg_constraint WHERE conrelid = 'profiles_note'::regclass AND contype = 'u'); END $$
"""


def rows(*words: str, **options: Any) -> dict[str, dict[str, Any]]:
    """The report for programs, by organisation."""
    return {row["organisation"]: row for row in json.loads(migrate(*words, format="json", **options))}


def rows_of_failure(*words: str) -> dict[str, dict[str, Any]]:
    out = StringIO()
    with pytest.raises(CommandError, match="organisations failed"):
        call_command("migrate", *words, stdout=out, format="json")
    return {row["organisation"]: row for row in json.loads(out.getvalue())}


@pytest.mark.slow
def test_json_says_who_went_from_where_to_where(tomorrow, acme, globex):
    row = rows()["acme"]
    assert row.pop("seconds") > 0
    assert row == {
        "organisation": "acme",
        "schema": acme.schema_name,
        "from": {"profiles": TODAY},
        "to": {"profiles": "9004_remark"},
        "migrations": ["profiles.9002_nickname", "profiles.9003_shout", "profiles.9004_remark"],
        "error": None,
        "note": None,
    }


@pytest.mark.slow
def test_json_of_the_way_back(tomorrow, acme):
    migrate()
    row = rows("profiles", TODAY)["acme"]
    assert (row["from"], row["to"]) == ({"profiles": "9004_remark"}, {"profiles": TODAY})
    assert row["migrations"] == ["-profiles.9004_remark", "-profiles.9003_shout", "-profiles.9002_nickname"]


@pytest.mark.slow
@needs("profiles.renaming")
def test_json_of_an_app_that_is_taken_out(acme):
    row = rows("renaming", "zero")["acme"]
    assert row["to"] == {"renaming": "zero"}


def test_json_of_nothing_to_do(db):
    assert rows() == {}


@pytest.mark.slow
def test_json_of_a_failure(tomorrow, acme, globex):
    sql(acme, IN_THE_WAY)
    said = rows_of_failure()
    assert said["globex"]["error"] is None
    assert "profiles_note" in said["acme"]["error"]
    assert (said["acme"]["from"], said["acme"]["to"]) == ({"profiles": TODAY}, {"profiles": "9004_remark"})


@pytest.mark.slow
def test_json_of_a_schema_that_is_gone(tomorrow, acme):
    """Its state is unknown."""
    Tenant.objects.filter(pk=acme.pk).update(schema_name="t_none000000000000")
    row = rows_of_failure()["acme"]
    assert (row["from"], row["to"], row["migrations"]) == (None, None, [])
    assert row["error"] == "Its schema is empty or missing."


@pytest.mark.slow
def test_the_table_says_the_same(tomorrow, acme, globex):
    sql(acme, IN_THE_WAY)
    with pytest.raises(CommandError) as failure:
        migrate()
    said, names, row = str(failure.value).splitlines()
    assert re.fullmatch(r"1 of \d+ organisations failed\. The next `migrate` tries them again:", said)
    assert names.split() == ["organisation", "from", "to", "seconds", "error"]
    place = f"acme ({acme.schema_name})"
    assert re.match(rf"{re.escape(place)} +profiles\.{TODAY} +profiles\.9004_remark +\d+\.\d{{3}} +\S.*exists", row)


@pytest.fixture
def spare(db: None) -> Tenant:
    """The last one of three."""
    return make_spare()


@pytest.mark.slow
def test_one_that_django_worked_out_anew_is_named_and_no_other(spare, tomorrow, acme, globex):
    """They replay the SQL of the first one, not that of the one before them."""
    migrate("profiles", "9002")
    sql(globex, RENAME)
    said = rows("profiles", TODAY)
    assert {name: bool(row["note"]) for name, row in said.items()} == {"acme": False, "globex": True, "spare": False}
    assert said["globex"]["error"] is None
    assert "check_schemas" in said["globex"]["note"]
    assert "nickname" not in columns(globex, "profiles_profile")


@pytest.mark.slow
def test_the_table_names_it_too(tomorrow, acme, globex):
    migrate("profiles", "9002")
    sql(globex, RENAME)
    names, row, said = migrate("profiles", TODAY).splitlines()[-3:]
    assert names.split() == ["organisation", "from", "to", "seconds", "note"]
    assert row.startswith("globex")
    assert "check_schemas" in row
    assert re.fullmatch(r"\d+ organisations migrated\.", said)


def test_a_long_table_is_cut_and_says_so():
    report = Report(30, OutputWrapper(StringIO()))
    for number in range(30):
        report.hear(Outcome(Tenant(slug=f"slug-{number}"), error=ValueError("no")))
    lines = report.close().splitlines()
    assert len(lines) == 22
    assert lines[-1] == "… and 10 more; --format json lists them all."


def test_plain_lines_where_there_is_no_terminal():
    out = StringIO()
    report = Report(250, OutputWrapper(out))
    for number in range(250):
        report.hear(Outcome(Tenant(slug=f"slug-{number}")))
    report.close()
    lines = ["  100 of 250 organisations", "  200 of 250 organisations", "  250 of 250 organisations"]
    assert out.getvalue().splitlines() == lines


@contextmanager
def terminal() -> Iterator[list[str]]:
    """A real terminal as stderr; returns what was shown on it."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    shown: list[str] = []
    try:
        with open(theirs, "w", encoding="utf-8") as stderr, redirect_stderr(stderr):  # noqa: PTH123  a descriptor
            yield shown
            stderr.write("the end")
        shown.append(os.read(ours, 100_000).decode())
    finally:
        os.close(ours)


@pytest.mark.slow
def test_a_bar_with_rate_and_time_left_on_a_terminal(tomorrow, acme, globex):
    with terminal() as shown:
        out = migrate()
    assert re.search(
        r"100%\|█+\| (\d+)/\1 \[\d\d:\d\d<\d\d:\d\d, +[\d.]+( organisations/s|s/ organisations)\]", shown[0]
    )
    assert " of " not in out


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"format": "json"}, {"verbosity": 0}])
def test_no_bar_where_none_is_wanted(tomorrow, acme, options):
    with terminal() as shown:
        migrate(**options)
    assert shown == ["the end"]


def test_no_bar_for_nothing_to_do(db):
    with terminal() as shown:
        migrate()
    assert shown == ["the end"]


def last() -> dict[str, Any]:
    report = last_migrate()
    assert report
    return report


@pytest.mark.slow
def test_the_last_run_that_changed_organisations_is_kept_without_values_of_theirs(tomorrow, acme, globex):
    sql(acme, IN_THE_WAY)
    rows_of_failure()
    report = last()
    assert (report["done"], report["failed"], report["release"]) == (1, 1, settings.RELEASE)
    assert report["faults"] == [{"schema": acme.schema_name, "error": "DuplicateTable"}]
    assert "profiles.9002_nickname" in report["migrations"]
    sql(acme, "DROP TABLE profiles_note")
    migrate()
    assert (last()["done"], last()["faults"]) == (1, [])
    migrate()  # with nothing to do, which is no news
    assert last()["done"] == 1


def test_a_members_value_in_an_error_is_not_kept(acme):
    with within(acme), pytest.raises(IntegrityError) as error, transaction.atomic():
        User.objects.create(username="reader", email="rita@acme.example")
    store([Outcome(acme, error=error.value)], 1)
    [fault] = last()["faults"]
    assert fault["error"].startswith("UniqueViolation profiles_user ")
    assert "rita" not in str(last())
