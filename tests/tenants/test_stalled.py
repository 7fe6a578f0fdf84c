"""A job whose worker was killed is run by another one."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.models import User
from tenants.context import public, within
from tenants.schemas.spares import TOP_UP, top_up, top_up_spares
from tenants.tasks import MOST_ATTEMPTS, RETRY_STALLED, retry_stalled
from tests.tenants import jobs


@pytest.fixture
def initech(new_tenant):
    tenant = new_tenant("initech")
    jobs.done.clear()
    with public():
        ProcrastinateJob.objects.all().delete()
    yield tenant
    with public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")


def begin(heartbeat: str) -> None:
    """Assign all jobs to a worker whose last heartbeat was so long ago."""
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", [heartbeat]
        )
        worker = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", worker)


def work() -> dict[str, str]:
    """Return the jobs' states after a worker looked for stalled ones."""
    with public():
        retry_stalled.defer()
    return jobs.work()


def test_it_is_done_by_the_next_worker(initech):
    with within(initech):
        jobs.greet.defer(pk=User.objects.get().pk)
    begin("31 seconds")
    assert work() == {}
    assert jobs.done == [("initech", "owner@initech.example")]


def test_what_a_living_worker_does_is_left_to_it(initech):
    with within(initech):
        jobs.greet.defer(pk=1)
    begin("29 seconds")
    assert work() == {"tests.tenants.jobs.greet": "doing"}
    assert jobs.done == []


def test_one_that_takes_its_workers_down_is_given_up(initech):
    with within(initech):
        jobs.greet.defer(pk=1)
    begin("1 hour")
    with public():
        ProcrastinateJob.objects.filter(status="doing").update(attempts=MOST_ATTEMPTS)
    assert work() == {"tests.tenants.jobs.greet": "failed"}


def test_the_refill_does_not_stay_locked(initech):
    """It holds a lock, and another one waits for it: the stock would never be refilled again."""
    top_up_spares.defer()
    begin("1 hour")
    top_up_spares.defer()
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [TOP_UP])
        assert cursor.fetchall() == [("doing",), ("todo",)]
    assert work() == {}
    assert top_up() == 0


def test_it_saves_itself(initech):
    retry_stalled.defer()
    begin("1 hour")
    assert work() == {}


def test_it_runs_every_minute():
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic[RETRY_STALLED] == "* * * * *"
