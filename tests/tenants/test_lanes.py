"""Lanes: slow jobs do not delay jobs that people wait for, and organisations share a queue."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from procrastinate import tasks
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.mail import outbox
from profiles.models import OutgoingMail
from tenants.context import as_owner, public, within
from tenants.jobs.lanes import check_queues
from tenants.models import Tenant
from tenants.schemas.spares import wait_for_spare
from tests.tenants import jobs
from tests.tenants.jobs import work


@pytest.fixture(autouse=True)
def nothing_done():
    jobs.done.clear()


def priorities(task_name: str) -> list[int]:
    with public():
        found = ProcrastinateJob.objects.filter(task_name=f"tests.tenants.jobs.{task_name}", status="todo")
        return list(found.order_by("pk").values_list("priority", flat=True))


# --- Organisations take turns ---------------------------------------------------------------------------------------


def test_one_job_does_not_wait_behind_many_of_another_organisation(acme_and_globex):
    acme, globex = acme_and_globex
    with within(acme):
        for _ in range(20):
            jobs.greet.defer(pk=1)
    with within(globex):
        jobs.greet.defer(pk=1)
    assert work() == {}
    assert [slug for slug, _ in jobs.done].index("globex") == 1


def test_jobs_of_one_organisation_are_done_in_their_order(acme):
    with within(acme):
        for _ in range(3):
            jobs.greet.defer(pk=1)
    assert priorities("greet") == [0, -1, -2]


def test_each_queue_has_turns_of_its_own(acme):
    with within(acme):
        jobs.greet.defer(pk=1)
        jobs.later.defer()
        jobs.greet.defer(pk=1)
    assert priorities("greet") == [0, -1]


def test_a_tasks_own_priority_counts_first(acme, globex):
    with within(globex):
        jobs.later.defer()
        jobs.later.defer()
    with within(acme):
        for _ in range(3):
            outbox.queue(to="reader@acme.example", subject="Hello", text="Hello")
    assert priorities("later") == [-1_000_000, -1_000_001]


def test_what_waits_for_its_next_attempt_does_not_count(acme):
    with within(acme):
        jobs.greet.defer(pk=1)
    with public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
    with within(acme):
        jobs.greet.defer(pk=1)
    assert priorities("greet") == [0, 0]


def test_a_million_jobs_stay_before_those_of_a_lower_priority(acme):
    with within(acme):
        jobs.greet.defer(pk=1)
        with public(), connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET priority = -999999")
        jobs.greet.defer(pk=1)
    assert priorities("greet") == [-999_999, -999_999]


def test_the_place_in_the_queue_is_found_by_an_index(acme):
    """Ten thousand jobs must not make the next one slow."""
    with as_owner(), public(), connection.cursor() as cursor:  # Only the owner's ANALYZE is not skipped.
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority)"
            " SELECT 'mail', 'none', jsonb_build_object('schema_name', 't_' || n % 3), -n"
            " FROM generate_series(1, 3000) n"
        )
        cursor.execute("ANALYZE procrastinate_jobs")
        cursor.execute(
            "EXPLAIN SELECT min(priority) FROM procrastinate_jobs WHERE status = 'todo'"
            " AND args ->> 'schema_name' = 't_1' AND queue_name = 'mail' AND priority BETWEEN -999999 AND 0"
        )
        assert "tenants_waiting_idx" in str(cursor.fetchall())


# --- A mail server that does not answer -----------------------------------------------------------------------------


@pytest.fixture
def silent(settings) -> Iterator[None]:
    """Mail goes to a server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 2
        yield


@pytest.mark.slow
def test_a_silent_mail_server_delays_no_sign_up(silent, new_tenant):
    """All places of the mail lane wait for it, and spares are made."""
    tenant = new_tenant("talkative")
    with within(tenant):
        for number in range(20):
            outbox.queue(to=f"new{number}@talkative.example", subject="Join us", text="Join us")
    with public():
        assert not Tenant.objects.spare().exists()

    def sign_up() -> float:
        began = time.monotonic()
        try:
            wait_for_spare(began + 20)
            return time.monotonic() - began
        finally:
            connections.close_all()
            os.kill(os.getpid(), signal.SIGTERM)

    with ThreadPoolExecutor(1) as pool, jobs.without_periodic_jobs():
        waited = pool.submit(sign_up)
        call_command("work")
    assert waited.result() < 10
    with within(tenant):
        assert OutgoingMail.objects.filter(subject="Join us").count() == 20
    with public():
        assert not ProcrastinateJob.objects.filter(status="doing").exists()


def test_an_unknown_lane_is_refused():
    with pytest.raises(CommandError, match=r"no lane 'urgnt'\. The lanes are urgent, mail, default"):
        call_command("work", "urgnt")


def test_every_task_has_a_lane():
    assert check_queues() == []


def test_a_task_whose_queue_no_lane_serves_is_noticed(monkeypatch):
    task: tasks.Task[..., None, Any] = tasks.Task(write_report, blueprint=app, queue="reports", name="write_report")
    monkeypatch.setitem(app.tasks, "write_report", task)
    assert [error.msg for error in check_queues()] == [
        "No lane does the jobs of write_report, which are in the queue 'reports'."
    ]


def write_report() -> None:
    """A product's task."""
