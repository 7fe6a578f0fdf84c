"""The audit log as a file."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.audit import export
from profiles.audit.models import Entry, by
from profiles.models import User
from tenants.context import within
from tenants.events import emit
from tenants.models import Tenant
from tests.profiles.audit.test_pages import entries

CSV, JSON_LINES = "/settings/activity/activity.csv", "/settings/activity/activity.jsonl"


def lines_of(response: Any) -> list[str]:
    return b"".join(response.streaming_content).decode().splitlines()


def test_csv_has_what_the_page_lists(acme: Tenant, owner: User, as_user: Any) -> None:
    with within(acme):
        entries(3)
    response = as_user(owner).get(CSV, {"term": by(999)})
    assert response["Content-Disposition"] == 'attachment; filename="activity.csv"'
    text = "\n".join(lines_of(response)).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["actor_name"] for row in rows] == ["Rita Reader"] * 3
    assert rows[0]["kind"] == "session.started"


def test_json_lines_are_objects(acme: Tenant, owner: User, as_user: Any) -> None:
    with within(acme):
        emit("member.role_changed", owner, by=owner, role=("reader", "owner"))
    newest = [json.loads(line) for line in lines_of(as_user(owner).get(JSON_LINES))]
    [entry] = [entry for entry in newest if entry["kind"] == "member.role_changed"]
    assert entry["changes"] == {"role": ["reader", "owner"]}
    assert entry["about"][0]["name"] == "Olga Owner"


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_name_becomes_a_formula(acme: Tenant, owner: User, as_user: Any, name: str) -> None:
    with within(acme):
        entries(1, actor_name=name)
    body = b"".join(as_user(owner).get(CSV, {"term": by(999)}).streaming_content).decode()
    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert rows[1][export.COLUMNS.index("actor_name")] == f"'{name}"


@pytest.mark.parametrize("lines", [export.as_csv, export.as_json_lines])
def test_one_part_at_a_time_is_read(acme: Tenant, monkeypatch: pytest.MonkeyPatch, lines: Any) -> None:
    """A part is one statement with a limit, sent when it is asked for: so is any number of them."""
    monkeypatch.setattr(export, "PART", 10)
    with within(acme):
        entries(25)
        with CaptureQueriesContext(connection) as captured:
            parts = lines(Entry.objects.having(by(999)))
            if lines is export.as_csv:
                next(parts)  # the columns
            sizes = [next(parts).decode().strip().count("\n") + 1]
            assert len(captured) == 1
            sizes += [part.decode().strip().count("\n") + 1 for part in parts]
        assert sizes == [10, 10, 5]
        assert all("LIMIT 10" in query["sql"] for query in captured)


def test_another_format_is_not_there(owner: User, as_user: Any) -> None:
    assert as_user(owner).get("/settings/activity/activity.xls").status_code == 404
