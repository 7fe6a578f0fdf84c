"""procrastinate's own worker, with its own connections and threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app, procrastinate_app
from procrastinate.contrib.django.models import ProcrastinateJob

from tenants.context import as_owner, current, public, within
from tenants.jobs import manager
from tenants.jobs.manager import install
from tenants.models import Tenant
from tenants.schemas.spares import ask_for_spares, discard
from tenants.tasks import RETRY_STALLED, retry_stalled
from tests.tenants import jobs
from tests.tenants.crowd import until


@pytest.fixture(autouse=True)
def nothing_done():
    jobs.done.clear()


def test_two_organisations_with_the_same_primary_keys(acme_and_globex):
    for tenant in (*acme_and_globex, *acme_and_globex):
        with within(tenant):
            jobs.greet.defer(pk=1)
    assert jobs.work() == {}
    assert sorted(jobs.done) == [("acme", "owner@acme.example")] * 2 + [("globex", "owner@globex.example")] * 2


def test_after_a_job_that_failed_the_next_is_where_it_belongs(acme_and_globex):
    acme, globex = acme_and_globex
    with within(acme):
        jobs.sweep.defer()
    with within(globex):
        jobs.greet.defer(pk=1)
    assert jobs.work() == {"tests.tenants.jobs.sweep": "failed"}
    assert jobs.done == [("globex", "owner@globex.example")]
    assert current() is None


def test_a_job_of_an_organisation_that_is_gone_fails_and_does_nothing(new_tenant):
    tenant = new_tenant("short-lived")
    with public():
        ProcrastinateJob.objects.all().delete()
    with within(tenant):
        jobs.greet.defer(pk=1)
    discard(tenant)
    assert jobs.work() == {"tests.tenants.jobs.greet": "failed"}
    assert jobs.done == []


def test_a_job_of_a_suspended_organisation_waits_and_is_not_lost(new_tenant):
    tenant = new_tenant("suspicious")
    with public():
        ProcrastinateJob.objects.all().delete()
    tenant.state = Tenant.State.SUSPENDED
    tenant.save()
    with within(tenant):
        jobs.greet.defer(pk=1)
    assert jobs.work() == {"tests.tenants.jobs.greet": "todo"}
    assert jobs.done == []


def test_many_sign_ups_ask_for_spares_once(committed):
    def ask(_: int) -> None:
        try:
            ask_for_spares()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    with public():
        assert ProcrastinateJob.objects.filter(task_name="tenants.top_up_spares", status="todo").count() == 1


def test_a_job_that_asks_for_another_one_and_fails_leaves_it_the_work(acme_and_globex):
    """Its queueing lock is taken: procrastinate could not queue it again, and left it `doing`, with its lock."""
    with within(acme_and_globex[0]):
        jobs.restless.defer()
    assert jobs.work() == {}
    assert jobs.done == [("acme", "restless")] * 2


def test_what_a_job_defers_in_a_transaction_that_fails_is_not_done(acme_and_globex):
    with within(acme_and_globex[0]):
        jobs.undecided.defer()
    assert jobs.work() == {"tests.tenants.jobs.undecided": "failed"}
    assert jobs.done == []


@pytest.fixture
def unwritable(committed) -> Iterator[None]:
    """Makes PostgreSQL refuse to finish a job."""
    with as_owner(), public(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'on purpose'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    yield
    drop_refusal()


def drop_refusal() -> None:
    with as_owner(), public(), connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS refuse() CASCADE")


def test_a_worker_that_cannot_write_down_what_came_of_a_job_ends(acme_and_globex, unwritable, caplog):
    """Its job would stay `doing` while the worker lives; the next worker finds it stalled."""
    with within(acme_and_globex[0]):
        jobs.greet.defer(pk=1)
    with jobs.worker_app():
        app.run_worker(install_signal_handlers=False, update_heartbeat_interval=0.1, listen_notify=False)
    assert "The outcome of a job could not be stored" in caplog.text
    with public():
        job = ProcrastinateJob.objects.get(task_name="tests.tenants.jobs.greet")
    assert (job.status, job.worker) == ("doing", None)
    drop_refusal()
    install(procrastinate_app.current_app)  # as the next process
    with public():
        retry_stalled.defer()
    assert jobs.work() == {}
    assert jobs.done == [("acme", "owner@acme.example")] * 2


@pytest.mark.slow
def test_the_command_fails_if_a_worker_loses_postgresql(committed, monkeypatch):
    """Its first statement is the one that says which queues it serves."""
    monkeypatch.setattr(manager, "SERVES", "SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(CommandError, match="ended without being asked to"):
        call_command("work")


def test_a_lock_that_another_worker_has_just_taken_is_no_error(committed):
    """Two fetch at once, and the later job has the higher priority: its lock is taken in between."""
    insert(priority=0)
    with ThreadPoolExecutor(1) as pool:
        with public(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
            cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", cursor.fetchone())
            pool.submit(insert, priority=1).result()
            worker = pool.submit(work_apart)
            until(a_fetch_waits)
        worker.result()
    with public():
        jobs_left = ProcrastinateJob.objects.filter(lock="both").order_by("priority")
        assert list(jobs_left.values_list("status", flat=True)) == ["doing", "todo"]


def insert(*, priority: int) -> None:
    try:
        with public(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, priority)"
                " VALUES ('urgent', %s, 'both', %s)",
                [RETRY_STALLED, priority],
            )
    finally:
        connections.close_all()


def work_apart() -> None:
    try:
        jobs.work()
    finally:
        connections.close_all()


def a_fetch_waits() -> bool:
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%fetch_job%'")
        return bool(cursor.fetchall())


@pytest.mark.parametrize("queues", [["default", "mail"], None])
def test_a_worker_writes_down_which_queues_it_serves(acme_and_globex, queues):
    seen = []

    def note(call_next, _context, worker):
        with public(), connection.cursor() as cursor:
            cursor.execute("SELECT queues, release FROM tenants_worker WHERE id = %s", [worker.worker_id])
            seen.extend(cursor.fetchall())
        return call_next()

    with within(acme_and_globex[0]):
        jobs.greet.defer(pk=1)
    # Behind those that close connections.
    middleware = [*app.worker_defaults["task_middleware"], note]
    with jobs.worker_app():
        app.run_worker(queues=queues, wait=False, install_signal_handlers=False, task_middleware=middleware)
    assert seen == [(queues, settings.RELEASE)]
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_worker")
        assert cursor.fetchone() == (0,)
