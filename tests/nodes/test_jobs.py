"""Jobs of a placed organisation, done by a real worker; and while its node is lost."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.mail.delivery import deliver
from profiles.mail.outbox import queue
from profiles.models import OutgoingMail
from tenants.context import public, within
from tenants.models import Tenant
from tests.nodes.cluster import Cluster
from tests.nodes.test_placing import ROOT, place

SECONDS = 60


@pytest.fixture
def worker(committed: None, tmp_path: Path) -> Iterator[Path]:
    """A worker on the test's database; the folder of the mail that it sends."""
    arguments = [connection.settings_dict["NAME"], "null", "work", "mail", "default"]
    environment = os.environ | {"MAILBOX_DIR": str(tmp_path), "DEBUG": "1", "ENVIRONMENT": "development"}
    started = subprocess.Popen([sys.executable, "-m", "tests.nodes.killed", *arguments], cwd=ROOT, env=environment)
    yield tmp_path
    started.terminate()
    started.wait()


def until(what: Callable[[], object]) -> None:
    """Wait for it."""
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def jobs(tenant: Tenant) -> list[ProcrastinateJob]:
    """Of its mail."""
    rows = ProcrastinateJob.objects.filter(args__schema_name=tenant.schema_name, task_name="profiles.deliver")
    with public():
        return list(rows.exclude(status="succeeded"))


def write(tenant: Tenant) -> None:
    with within(tenant):
        queue(to=f"all@{tenant.slug}.example", subject="Welcome", text="Come in.")


def waiting_mail(tenant: Tenant) -> int:
    with within(tenant):
        return OutgoingMail.objects.count()


def test_a_placed_organisations_mail_is_sent(hooli, worker):
    place(hooli, "--node", "n1")
    write(hooli)
    until(lambda: waiting_mail(hooli) == 0)
    assert [path for path in worker.iterdir() if "all@hooli.example" in path.read_text()]
    until(lambda: jobs(hooli) == [])


def test_its_jobs_wait_while_its_node_is_lost(hooli, new_tenant, worker, cluster: Cluster):
    initech = new_tenant("initech")
    place(hooli, "--node", "n1")
    write(hooli)
    until(lambda: waiting_mail(hooli) == 0)
    cluster.workers[0].stop()
    try:
        with within(hooli):
            deliver.defer(pk=1)
        write(initech)
        until(lambda: waiting_mail(initech) == 0)
        until(lambda: jobs(hooli)[0].attempts)
        until(lambda: jobs(hooli)[0].status == "todo")
        [job] = jobs(hooli)
        assert job.scheduled_at
        assert job.scheduled_at > timezone.now()
    finally:
        cluster.workers[0].start()
    with public():
        ProcrastinateJob.objects.filter(pk=job.pk).update(scheduled_at=timezone.now())
    until(lambda: jobs(hooli) == [])
