"""A job whose organisation's node does not answer is queued again; the loss of the one server is as ever."""

import psycopg
import pytest
from django.db import OperationalError
from procrastinate.jobs import Job

from tenants.context import within
from tenants.errors import TenantUnreachable
from tenants.nodes.lost import waiting
from tenants.tasks import RetryInTenant

JOB = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="notes.count", attempts=30)


def raised_in(tenant, cause: Exception) -> OperationalError:
    with pytest.raises(OperationalError) as error, within(tenant), waiting("notes.count"):
        raise OperationalError("no answer") from cause
    return error.value


def test_it_waits_whatever_its_own_tries(acme, settings):
    settings.CITUS = True
    error = raised_in(acme, psycopg.errors.ConnectionFailure())
    assert isinstance(error, TenantUnreachable)
    decision = RetryInTenant(False).get_retry_decision(exception=error, job=JOB)
    assert decision
    assert decision.retry_at


@pytest.mark.parametrize(
    ("citus", "cause"),
    [
        (False, psycopg.errors.ConnectionFailure()),
        (True, psycopg.OperationalError()),
        (True, psycopg.errors.DiskFull()),
    ],
)
def test_other_errors_are_the_jobs_own(acme, settings, citus, cause):
    settings.CITUS = citus
    error = raised_in(acme, cause)
    assert not isinstance(error, TenantUnreachable)
    assert RetryInTenant(False).get_retry_decision(exception=error, job=JOB) is None
