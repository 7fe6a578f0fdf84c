"""Readiness: operators learn what has stopped, and everyone that something has."""

import os
import shutil
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client

from shared.capabilities.registry import imported
from tenants.context import public
from tenants.fingerprint import code_fingerprint
from tenants.models import Domain, Tenant
from tenants.readiness import findings as readiness
from tenants.readiness.findings import findings
from tenants.serving.turns import Turns
from tests.daily import part_each_day

LANES = [lane["queues"] for lane in settings.LANES.values()]


@pytest.fixture(autouse=True)
def ready(settings, tmp_path, request, monkeypatch):
    """Everything is as it should be."""
    settings.MEDIA_ROOT, settings.MEDIA_FREE_BYTES = tmp_path, 0
    settings.READINESS_TOKEN = "for monitors"
    monkeypatch.setattr(readiness, "FRESH_SECONDS", -1)
    request.getfixturevalue("db")
    for queues in LANES:
        begin(queues)
    # It is only counted, so it needs no schema.
    spare = Tenant(state=Tenant.State.SPARE, fingerprint=code_fingerprint())
    Tenant.objects.bulk_create([spare])


def sql(statement: str, *values: Any) -> None:
    with public(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def begin(queues: list[str] | None) -> None:
    """A worker, seen a moment ago."""
    sql(
        "WITH worker AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
        " INSERT INTO tenants_worker SELECT id, %s FROM worker",
        queues,
    )


def wait(queue: str, seconds: int) -> None:
    """A job that waits for so long."""
    sql("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES (%s, 'any')", queue)
    sql("UPDATE procrastinate_events SET at = now() - %s * interval '1 second'", seconds)


def wrong() -> dict[str, str]:
    return {each.what: each.words for each in findings() if not each.is_well}


def test_all_is_well():
    assert wrong() == {}
    jobs = {f"{lane} jobs" for lane in settings.LANES}
    of_capabilities = {find().what for find in imported("findings")}
    assert {each.what for each in findings()} == {*jobs, *of_capabilities, "spares", "places", "media"}


def test_a_worker_for_all_queues_serves_each_lane():
    sql("DELETE FROM procrastinate_workers")
    assert set(wrong()) == {f"{lane} jobs" for lane in settings.LANES}
    begin(None)
    assert wrong() == {}


def test_a_dead_worker_is_noticed_though_others_live():
    sql(
        "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"
        " WHERE id = (SELECT id FROM tenants_worker WHERE queues = '{urgent}')"
    )
    assert wrong() == {"urgent jobs": "worker seen 31 s ago, nothing waits"}


def test_a_worker_that_has_ended_is_noticed():
    sql("DELETE FROM procrastinate_workers WHERE id = (SELECT id FROM tenants_worker WHERE queues = '{mail}')")
    assert wrong() == {"mail jobs": "no worker, nothing waits"}


def test_a_job_that_waits_too_long_is_noticed():
    wait("urgent", 119)
    assert wrong() == {}
    wait("urgent", 121)
    assert wrong() == {"urgent jobs": "worker seen 0 s ago, the oldest job waits for 121 s"}


def test_a_job_that_waits_for_its_next_attempt_is_not_late():
    wait("mail", 100_000)
    sql("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
    assert wrong() == {}
    sql("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '5 seconds'")
    assert wrong() == {}


def test_an_empty_stock_is_noticed():
    Tenant.objects.spare().update(fingerprint="older")
    assert wrong() == {"spares": "0 in stock"}


def test_requests_that_wait_long_for_a_place_are_noticed(monkeypatch, crowd, clock):
    monkeypatch.setattr("tenants.readiness.findings.turns", lambda: crowd.turns)
    for number in range(3):
        crowd.comes(f"acme {number}")
    clock[0] += 5
    assert wrong() == {}
    clock[0] += 1
    assert wrong() == {"places": "1 free, 1 wait, the first for 6 s"}


def test_a_disk_that_is_nearly_full_is_noticed(settings, tmp_path):
    settings.MEDIA_FREE_BYTES = shutil.disk_usage(tmp_path).total
    assert list(wrong()) == ["media"]


def test_media_that_cannot_be_written_is_noticed(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert wrong() == {"media": f"{settings.MEDIA_ROOT} cannot be written: Not a directory"}


def test_the_probe_leaves_no_file(tmp_path):
    findings()
    assert os.listdir(tmp_path) == []  # noqa: PTH208  Path.iterdir() says no more


# --- Who is told ----------------------------------------------------------------------------------------------------


def ask(host: str = "localhost", path: str = "/health/all/", **headers: str):
    return Client(headers={"host": host, **headers}).get(path)


def test_everyone_is_told_whether_and_no_more():
    page = ask()
    assert (page.status_code, page.text) == (200, "ready\n")
    sql("DELETE FROM procrastinate_workers")
    page = ask()
    assert (page.status_code, page.text, page["Cache-Control"].split(",")[0]) == (503, "needs attention\n", "max-age=0")


def test_what_pages_do_not_need_takes_no_process_out_of_service(settings, tmp_path):
    """A readiness probe asks /health/ready/: a dead worker or a stale backup must not stop the whole product."""
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    sql("DELETE FROM procrastinate_workers")
    Tenant.objects.spare().update(fingerprint="older")
    page = ask(path="/health/ready/")
    assert (page.status_code, page.text) == (200, "needs attention\n")
    page = ask(path="/health/ready/", authorization="Bearer for monitors")
    assert page.status_code == 200
    assert "ATTENTION spares: 0 in stock\n" in page.text


@pytest.mark.parametrize("header", ["Bearer wrong", "for monitors", "Bearer "])
def test_a_wrong_token_is_told_no_more(header):
    assert ask(authorization=header).text == "ready\n"


def test_without_a_token_in_the_settings_none_is_right(settings):
    settings.READINESS_TOKEN = ""
    assert ask(authorization="Bearer ").text == "ready\n"


def test_operators_are_told_what_and_how_much():
    Tenant.objects.spare().update(fingerprint="older")
    page = ask(authorization="Bearer for monitors")
    assert page.status_code == 503
    assert "ATTENTION spares: 0 in stock\n" in page.text
    assert "ok        urgent jobs: worker seen 0 s ago, nothing waits\n" in page.text


def test_what_is_wrong_is_in_the_log(caplog):
    Tenant.objects.spare().update(fingerprint="older")
    ask()
    assert "Attention: spares, 0 in stock." in caplog.text


@pytest.mark.parametrize("path", ["/health/", "/health/ready/", "/health/all/"])
@pytest.mark.parametrize("host", part_each_day(["localhost", "acme.localhost", "old.localhost", "nobody.localhost"]))
def test_every_host_answers_about_the_process(path, host, acme):
    """On an organisation's host, suspended or not, on a former address, and on an unknown host."""
    Domain.objects.create(tenant=acme, domain="old.localhost", is_primary=False)
    Tenant.objects.filter(pk=acme.pk).update(state=Tenant.State.SUSPENDED)
    assert Client(headers={"host": host}).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/health/", "/health/ready/", "/health/all/"])
def test_it_is_answered_while_all_places_are_taken(path, monkeypatch):
    crowded = Turns(places=1, most=1, longest=0)
    monkeypatch.setattr("tenants.serving.working.turns", lambda: crowded)
    with crowded.taken("globex"):
        assert Client(headers={"host": "localhost"}).get(path).status_code == 200


def test_the_database_is_not_asked_again_at_once(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 60)
    monkeypatch.setattr("tenants.readiness.views.recent", readiness.Recent())
    ask()
    with django_assert_num_queries(0):
        ask()


def test_without_a_database_nothing_is_ready(monkeypatch):
    def no_database():
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", no_database)
        found = wrong()
        pages = [ask(path=path) for path in ("/health/ready/", "/health/all/")]
    assert found == {"database": "does not answer"}
    assert [(page.status_code, page.text) for page in pages] == [(503, "not ready\n")] * 2


# --- The command ----------------------------------------------------------------------------------------------------


def test_the_command_says_it_by_its_status(capsys):
    call_command("ready")
    assert "places" not in capsys.readouterr().out
    sql("DELETE FROM procrastinate_workers WHERE id = (SELECT id FROM tenants_worker WHERE queues = '{mail}')")
    call_command("ready", "urgent", "default")
    for lanes in ([], ["mail"]):
        with pytest.raises(CommandError, match="Not ready"):
            call_command("ready", *lanes)
    assert "ATTENTION mail jobs: no worker, nothing waits" in capsys.readouterr().out


def test_the_command_knows_the_lanes():
    with pytest.raises(CommandError, match="no lane 'males'"):
        call_command("ready", "males")
