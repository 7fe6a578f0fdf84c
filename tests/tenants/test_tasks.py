"""A job runs in the tenant that deferred it, or not at all."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from profiles.models import User
from tenants.context import current, public, within
from tenants.errors import NoTenant, SchemaIncomplete, TenantGone, TenantSuspended
from tenants.models import Tenant
from tests.tenants import jobs


class Refused(Exception):
    """Raised to roll a block back."""


@pytest.fixture(autouse=True)
def nothing_done():
    jobs.done.clear()


def waiting() -> list[ProcrastinateJob]:
    with public():
        return list(ProcrastinateJob.objects.filter(task_name__startswith="tests.").order_by("pk"))


def test_called_it_runs_here_and_now(acme):
    with within(acme):
        assert jobs.greet(pk=1) == "owner@acme.example"
    assert waiting() == []


def test_deferred_it_waits_with_its_tenant_and_primary_keys_only(acme):
    with within(acme):
        number = jobs.greet.defer(pk=1)
    (job,) = waiting()
    assert (job.pk, job.task_name) == (number, "tests.tenants.jobs.greet")
    assert job.args == {"schema_name": acme.schema_name, "arguments": {"pk": 1}}


def test_it_runs_in_the_tenant_it_carries(acme, globex, run_jobs):
    with within(globex):
        jobs.greet.defer(pk=1)
    with within(acme):
        jobs.greet.defer(pk=1)
        assert run_jobs() == 2
    assert jobs.done == [("globex", "owner@globex.example"), ("acme", "owner@acme.example")]


def test_a_worker_runs_what_a_later_release_has_added_to_a_job(acme, run_jobs):
    """The web may be restarted before the worker."""
    with within(acme):
        job = jobs.greet.defer(pk=1)
    with public():
        added = {"schema_name": acme.schema_name, "arguments": {"pk": 1}, "trace": "of a later release"}
        ProcrastinateJob.objects.filter(pk=job).update(args=added)
    assert run_jobs() == 1
    assert jobs.done == [("acme", "owner@acme.example")]


def test_outside_it_cannot_be_deferred(db):
    with pytest.raises(NoTenant):
        jobs.greet.defer(pk=1)


def test_a_rolled_back_transaction_defers_nothing(acme):
    with within(acme), pytest.raises(Refused), transaction.atomic():
        User.objects.filter(pk=1).update(first_name="Never")
        jobs.greet.defer(pk=1)
        raise Refused
    assert waiting() == []


def test_deferring_leaves_the_transaction_in_its_tenant(acme):
    with within(acme), transaction.atomic():
        jobs.greet.defer(pk=1)
        assert current() == acme
        assert User.objects.get(pk=1).email == "owner@acme.example"


def test_a_tenant_that_is_gone_fails_the_job(acme):
    with pytest.raises(TenantGone, match="t_gone"):
        jobs.greet.run(schema_name="t_gone", arguments={"pk": 1})
    assert jobs.done == []


def test_a_suspended_tenants_jobs_wait(acme):
    acme.state = Tenant.State.SUSPENDED
    acme.save()
    with pytest.raises(TenantSuspended):
        jobs.greet.run(schema_name=acme.schema_name, arguments={"pk": 1})
    assert jobs.done == []


def test_jobs_wait_while_a_tenant_is_migrated(acme):
    Tenant.objects.filter(pk=acme.pk).update(fingerprint="")
    with pytest.raises(SchemaIncomplete):
        jobs.greet.run(schema_name=acme.schema_name, arguments={"pk": 1})
    assert jobs.done == []


@pytest.mark.parametrize(
    ("task", "error", "seconds"),
    [
        (jobs.fragile, LookupError(), 7),
        (jobs.fragile, TenantGone(), None),
        (jobs.fragile, TenantSuspended(), 3600),
        (jobs.fragile, SchemaIncomplete(), 60),
        (jobs.sweep, LookupError(), None),
        (jobs.sweep, TenantSuspended(), 3600),
    ],
)
def test_when_a_job_is_tried_again(task, error, seconds, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "procrastinate.utils.datetime_from_timedelta_params", lambda params: asked.append(params["seconds"])
    )
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="any", attempts=0)
    decision = task.task.get_retry_exception(error, job)
    assert asked == ([] if seconds is None else [seconds])
    assert (decision is None) == (seconds is None)


def test_the_mail_job_is_not_retried_for_a_tenant_that_is_gone():
    strategy: Any = app.tasks["profiles.deliver"].retry_strategy
    job = Job(id=1, queue="mail", lock=None, queueing_lock=None, task_name="any", attempts=0)
    assert strategy.get_retry_decision(exception=TenantGone(), job=job) is None
    assert strategy.get_retry_decision(exception=OSError(), job=job) is not None


def test_locks_are_each_organisations_own(acme, globex):
    with within(acme):
        jobs.report.defer()
    with within(globex):
        jobs.report.defer()
    assert [job.lock for job in waiting()] == [f"{acme.schema_name}:report", f"{globex.schema_name}:report"]


def test_a_lock_that_is_taken_leaves_the_transaction_usable(acme):
    with within(acme), transaction.atomic():
        jobs.report.defer()
        with pytest.raises(AlreadyEnqueued):
            jobs.report.defer()
        assert User.objects.get(pk=1).email == "owner@acme.example"
    assert len(waiting()) == 1


def test_for_each_time_one_job_waits(acme):
    noon = datetime(2026, 11, 27, 12, tzinfo=UTC)
    with within(acme):
        jobs.report.defer_at(noon)
        jobs.report.defer_at(noon + timedelta(minutes=1))
        with pytest.raises(AlreadyEnqueued):
            jobs.report.defer_at(noon.astimezone(ZoneInfo("Asia/Tokyo")))
    assert [job.scheduled_at for job in waiting()] == [noon, noon + timedelta(minutes=1)]
