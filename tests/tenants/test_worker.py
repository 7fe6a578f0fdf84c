"""procrastinate's own worker, on connections and threads of its own."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tenants.context import current, public, within
from tenants.models import Tenant
from tenants.schemas.spares import ask_for_spares, discard
from tests.tenants import jobs


@pytest.fixture(autouse=True)
def nothing_done():
    jobs.done.clear()


def work() -> dict[str, str]:
    """Do what waits, as the worker process does, and return each job's state by its task."""
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()):
        app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False, concurrency=1)
    with public():
        return dict(ProcrastinateJob.objects.order_by("pk").values_list("task_name", "status"))


def test_two_organisations_with_the_same_primary_keys(acme_and_globex):
    for tenant in (*acme_and_globex, *acme_and_globex):
        with within(tenant):
            jobs.greet.defer(pk=1)
    assert work() == {}
    assert sorted(jobs.done) == [("acme", "owner@acme.example")] * 2 + [("globex", "owner@globex.example")] * 2


def test_after_a_job_that_failed_the_next_is_where_it_belongs(acme_and_globex):
    acme, globex = acme_and_globex
    with within(acme):
        jobs.sweep.defer()
    with within(globex):
        jobs.greet.defer(pk=1)
    assert work() == {"tests.tenants.jobs.sweep": "failed"}
    assert jobs.done == [("globex", "owner@globex.example")]
    assert current() is None


def test_a_job_of_an_organisation_that_is_gone_fails_and_does_nothing(new_tenant):
    tenant = new_tenant("short-lived")
    with public():
        ProcrastinateJob.objects.all().delete()
    with within(tenant):
        jobs.greet.defer(pk=1)
    discard(tenant)
    assert work() == {"tests.tenants.jobs.greet": "failed"}
    assert jobs.done == []


def test_a_job_of_a_suspended_organisation_waits_and_is_not_lost(new_tenant):
    tenant = new_tenant("suspicious")
    with public():
        ProcrastinateJob.objects.all().delete()
    tenant.state = Tenant.State.SUSPENDED
    tenant.save()
    with within(tenant):
        jobs.greet.defer(pk=1)
    assert work() == {"tests.tenants.jobs.greet": "todo"}
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
