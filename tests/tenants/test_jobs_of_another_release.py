"""While a product is deployed, old workers are given the jobs of new code, and new workers those of old code."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app, procrastinate_app
from procrastinate.contrib.django.models import ProcrastinateJob

from tenants.context import public, within
from tenants.jobs import unknown
from tenants.tasks import RETRY_STALLED
from tests.gunicorn import ROOT, environment
from tests.tenants import jobs

LATER = "shop.of_a_later_release"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def fresh_worker(monkeypatch):
    """One that has warned of nothing yet."""
    jobs.done.clear()
    monkeypatch.setattr(procrastinate_app.current_app.job_manager, "_warned", set())


def queued(tenant, **changes: Any) -> ProcrastinateJob:
    """A job as another release has queued it."""
    with within(tenant):
        pk = jobs.greet.defer(pk=1)
    return change(ProcrastinateJob(pk=pk), **changes)


def change(job: ProcrastinateJob, **changes: Any) -> ProcrastinateJob:
    with public():
        if changes:
            ProcrastinateJob.objects.filter(pk=job.pk).update(**changes)
        return ProcrastinateJob.objects.get(pk=job.pk)


def given(job: ProcrastinateJob, times: int) -> None:
    """So often has a worker been given the job before."""
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type) SELECT %s, 'started' FROM generate_series(1, %s)",
            [job.pk, times],
        )


def wait_of(job: ProcrastinateJob) -> timedelta:
    """How long the job waits from now on, in full minutes."""
    at = change(job).scheduled_at
    assert at
    return A_MINUTE * round((at - timezone.now()) / A_MINUTE)


def warnings(caplog: Any) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "tenants.jobs.unknown"]


def test_a_job_that_a_worker_does_not_know_waits_for_one_that_does(acme_and_globex, caplog, monkeypatch):
    acme, globex = acme_and_globex
    job = queued(acme, task_name=LATER, attempts=2)
    with within(globex):
        jobs.greet.defer(pk=1)
    assert jobs.work() == {LATER: "todo"}
    assert jobs.done == [("globex", "owner@globex.example")]  # It holds up no other job.
    assert (wait_of(job), change(job).attempts) == (A_MINUTE, 2)
    monkeypatch.setitem(app.tasks, LATER, jobs.greet.task)
    change(job, scheduled_at=None)
    assert jobs.work() == {}
    assert jobs.done[1:] == [("acme", "owner@acme.example")]


def test_one_warning_says_which_release_did_not_know_it_and_what_to_do(acme_and_globex, caplog):
    job, *_others = [queued(acme_and_globex[0], task_name=LATER) for _ in range(3)]
    assert jobs.work() == {LATER: "todo"}
    [words] = warnings(caplog)
    assert words.startswith(
        f"Job {job.pk}, {LATER}, waits for another worker: release {settings.RELEASE} of this one has no such task. "
        "Restart the workers of older releases."
    )
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("arguments", [{"pk": 1, "by": 2}, {}])
def test_so_does_one_with_arguments_that_its_function_does_not_take(acme_and_globex, caplog, arguments):
    """A later release gives one more, or an earlier one does not give it yet."""
    acme, _globex = acme_and_globex
    job = queued(acme, args={"schema_name": acme.schema_name, "arguments": arguments})
    assert jobs.work() == {"tests.tenants.jobs.greet": "todo"}
    assert wait_of(job) == A_MINUTE
    assert "has this task with other arguments" in warnings(caplog)[0]


def test_so_does_a_job_of_the_installation(committed):
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('urgent', %s, '{\"at\": 1}')",
            [RETRY_STALLED],
        )
    assert jobs.work() == {RETRY_STALLED: "todo"}


@pytest.mark.slow
def test_a_worker_process_of_another_release_leaves_it_to_this_one(acme_and_globex, tmp_path):
    """Of `tests.tenants.failing`, which has not the tasks of these tests."""
    job = queued(acme_and_globex[0])
    command = [sys.executable, "-m", "tests.tenants.failing.work"]
    variables = environment(tmp_path, DJANGO_SETTINGS_MODULE="tests.tenants.failing.settings", RELEASE="the former one")
    done = subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True, text=True, timeout=60)
    assert f"Job {job.pk}, tests.tenants.jobs.greet, waits for another worker: release the former one" in done.stderr
    change(job, scheduled_at=None)
    assert jobs.work() == {}
    assert jobs.done == [("acme", "owner@acme.example")]


def test_each_wait_is_a_minute_longer_and_after_a_day_it_fails(acme_and_globex, caplog):
    job = queued(acme_and_globex[0], task_name=LATER)
    given(job, 9)
    assert jobs.work() == {LATER: "todo"}
    assert wait_of(job) == 10 * A_MINUTE
    given(job, unknown.MOST_TIMES - 10)
    change(job, scheduled_at=None)
    assert jobs.work() == {LATER: "failed"}
    assert sum(range(unknown.MOST_TIMES + 1)) * A_MINUTE == pytest.approx(timedelta(days=1), rel=0.01)
    assert "Task was not found" in caplog.text


def test_it_waits_again_after_an_operator_has_retried_it(acme_and_globex):
    job = queued(acme_and_globex[0], task_name=LATER)
    given(job, unknown.MOST_TIMES)
    assert jobs.work() == {LATER: "failed"}
    with public():
        app.job_manager.retry_job_by_id(job.pk, timezone.now())
    assert jobs.work() == {LATER: "todo"}
    assert wait_of(job) == A_MINUTE


def test_of_two_with_one_queueing_lock_one_waits(acme_and_globex, monkeypatch):
    """The other was queued while this worker looked at the first."""
    acme, _globex = acme_and_globex
    reason, left = unknown.reason, ["another"]

    def another() -> None:
        try:
            queued(acme, task_name=LATER, queueing_lock="once")
        finally:
            connections.close_all()

    def looks(task: Any, job: Any) -> str:
        if left and left.pop():
            with ThreadPoolExecutor(1) as pool:
                pool.submit(another).result()
        return reason(task, job)

    first = queued(acme, task_name=LATER, queueing_lock="once")
    monkeypatch.setattr(unknown, "reason", looks)
    jobs.work()
    with public():
        [waiting] = ProcrastinateJob.objects.filter(task_name=LATER)
    assert (waiting.status, waiting.pk > first.pk) == ("todo", True)


def test_a_call_with_wrong_arguments_is_an_error_where_it_is_queued(acme):
    with within(acme):
        for arguments in ({}, {"pk": 1, "by": 2}):
            with pytest.raises(TypeError, match="argument"):
                jobs.greet.defer(**arguments)
        with pytest.raises(TypeError, match="argument"):
            jobs.greet.defer_at(timezone.now(), by=2)
        with pytest.raises(TypeError, match="argument"):
            jobs.report.defer_once(by=2)
    with public():
        assert not ProcrastinateJob.objects.filter(task_name__startswith="tests.").exists()
