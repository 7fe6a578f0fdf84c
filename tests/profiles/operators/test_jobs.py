"""The page of jobs: which wait, run, are stalled and have failed; retried and cancelled."""

from django.db import connection

from profiles.operators import queue
from tenants.context import public
from tenants.models import Tenant
from tests.profiles.operators.console import entries


def job(tenant: Tenant, status: str, lock: str | None = None) -> int:
    with public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock) VALUES "
            "('mail', 'profiles.deliver', %s, %s, %s) RETURNING id",
            [f'{{"schema_name": "{tenant.schema_name}"}}', status, lock],
        )
        return cursor.fetchone()[0]


def status_of(pk: int) -> str:
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def test_jobs_are_retried_and_cancelled_one_or_all(operator, acme, staff):
    failed, other, stalled, waits = (job(acme, each) for each in ("failed", "failed", "doing", "todo"))
    seen = operator.get("/console/jobs/")
    assert [(each["failed"], each["stalled"], each["waiting"]) for each in seen.context["kinds"]] == [(2, 1, 1)]
    assert "Acme" in seen.content.decode()
    operator.post("/console/jobs/retry/", {"pk": failed})
    assert (status_of(failed), status_of(other)) == ("todo", "failed")
    operator.post("/console/jobs/retry/", {"task": "profiles.deliver"})
    assert (status_of(other), status_of(stalled)) == ("todo", "todo")
    asked = operator.get("/console/jobs/cancel/?task=profiles.deliver&status=todo")
    assert "Cancel 4 jobs of the kind profiles.deliver?" in asked.content.decode()
    assert status_of(waits) == "todo"
    operator.post("/console/jobs/cancel/", {"task": "profiles.deliver", "status": "todo"})
    assert {status_of(each) for each in (failed, other, stalled, waits)} == {"cancelled"}
    assert entries(staff)[0].changes["job"] == ["", "profiles.deliver"]
    assert operator.post("/console/jobs/retry/", {}).status_code == 404
    assert operator.post("/console/jobs/explode/", {"pk": failed}).status_code == 404
    assert operator.get("/console/jobs/cancel/").status_code == 404


def test_a_job_that_has_ended_meanwhile_is_not_retried(operator, acme):
    assert not queue.retried(job(acme, "succeeded"))
    assert queue.retried(job(acme, "failed"))


def test_a_failed_job_stays_where_another_does_its_work(operator, acme):
    failed, _waits = job(acme, "failed", "once"), job(acme, "todo", "once")
    operator.post("/console/jobs/retry/", {"task": "profiles.deliver"})
    assert status_of(failed) == "failed"
