"""What is due is backed up, the newest of each week is tried, and what is old is deleted at night."""

import json
from datetime import datetime, timedelta

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.backups import scheduling, tasks
from profiles.backups.errors import Busy
from profiles.backups.keeping import forget_old
from profiles.backups.models import Backup, Vault
from profiles.backups.restoring import verify
from profiles.backups.state import State, finding, states
from profiles.backups.vaults import LOCKS
from profiles.models import User
from tenants.context import public, within
from tenants.models import Tenant
from tenants.organisations.remove import remove
from tests.tenants.commands import run


@pytest.fixture(autouse=True)
def only_initech(initech, monkeypatch) -> None:
    """The organisations of other tests are not committed for this one to be backed up."""
    everything = scheduling.organisations
    monkeypatch.setattr(scheduling, "organisations", lambda: everything().filter(slug__startswith="initech"))


def run_queued() -> list[str]:
    """What the worker does with what is queued; returns the names of the jobs."""
    tasks.queue_what_is_due.func()
    named = {task.name: task for task in (tasks.take, tasks.try_out, tasks.forget)}
    with public():
        jobs = list(ProcrastinateJob.objects.filter(task_name__in=named, status="todo").order_by("pk"))
        for job in jobs:
            named[job.task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk__in=[job.pk for job in jobs]).delete()
    return [job.task_name for job in jobs]


def state_of(tenant: Tenant) -> State:
    return next(states(Tenant.objects.filter(pk=tenant.pk)))


def age(**by: float) -> None:
    """So much time passes."""
    for backup in Backup.objects.all():
        verified = backup.verified and backup.verified - timedelta(**by)
        Backup.objects.filter(pk=backup.pk).update(moment=backup.moment - timedelta(**by), verified=verified)


def test_backups_are_taken_in_time_and_tried_each_week(initech, settings):
    assert (state_of(initech).word, finding().is_well) == ("none yet", True)
    Tenant.objects.filter(pk=initech.pk).update(activated=timezone.now() - timedelta(hours=31))
    assert (state_of(initech).word, finding().is_well) == ("stale", False)
    assert finding().serves, "A stale backup would take the whole product out of service."
    assert "0 faulty, 0 failed, 1 stale, of " in finding().words
    assert run_queued() == ["backups.take"]
    assert finding().is_well
    assert state_of(initech).word == "not verified yet"
    assert run_queued() == ["backups.try_out"]
    assert state_of(initech).word == "verified"
    assert run_queued() == []
    age(hours=25)
    assert run_queued() == ["backups.take"]
    assert run_queued() == [], "One was tried this week."
    age(days=8)
    assert state_of(initech).word == "stale"
    settings.BACKUP_EVERY_HOURS = 0
    assert run_queued() == ["backups.try_out"]
    assert state_of(initech).word == "verified"


def test_failure_is_written_down_and_tried_again_in_an_hour(initech, shelf):
    shelf.write_text("a file where the folder should be")
    with pytest.raises(tasks.CannotBackUp):
        run_queued()
    assert "Not a directory" in state_of(initech).failed or "File exists" in state_of(initech).failed
    assert "1 failed" in finding().words
    with pytest.raises(SystemExit):
        run("backups")
    assert "failed" in run("backups", "initech")
    shelf.unlink()
    age(hours=2)
    run_queued()
    assert (state_of(initech).failed, state_of(initech).last is None) == ("", False)


@pytest.mark.slow
def test_two_processes_keep_off_the_same_backups(initech):
    run("backup", "initech")
    vault = Vault.objects.get(tenant=initech)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, vault.pk])  # gone by the time it has committed
        with pytest.raises(Busy, match="Another process works on the backups"):
            tasks.take.func(initech.pk)
        with pytest.raises(Busy):
            forget_old(vault)
    tasks.take.func(initech.pk)
    assert set(vault.backups.values_list("state", flat=True)) == {"done"}


def test_backup_that_cannot_be_restored_is_listed_as_faulty(initech, shelf, capsys):
    run("backup", "initech")
    backup = Backup.objects.select_related("vault").get()
    (shelf / backup.vault.folder / backup.dump).unlink()
    assert run_queued() == ["backups.try_out"]
    with pytest.raises(SystemExit):
        run("backups", json=True)
    assert state_of(initech).word == "faulty"
    assert "is missing from the storage" in run("backups", "initech")


def test_old_ones_are_deleted_with_what_only_they_had_but_never_the_last(initech, shelf):
    folder = lambda: shelf / Vault.objects.get(tenant=initech).folder  # noqa: E731
    run("backup", "initech")
    with within(initech):
        default_storage.save("late.txt", ContentFile(b"late"))
    age(days=40)
    run("backup", "initech")
    with_late = len(list((folder() / "files").iterdir()))
    with within(initech):
        default_storage.delete("late.txt")
    age(days=40)
    (folder() / "dumps" / "999").write_bytes(b"what a killed process has left")
    run("backup", "initech")
    vault = Vault.objects.get(tenant=initech)
    assert forget_old(vault) == 2
    left = Backup.objects.get()
    assert [path.name for path in (folder() / "manifests").iterdir()] == [str(left.pk)]
    assert [f"dumps/{path.name}" for path in (folder() / "dumps").iterdir()] == [left.dump]
    assert len(list((folder() / "files").iterdir())) == with_late - 1
    age(days=400)
    assert forget_old(vault) == 0


@pytest.mark.slow
def test_what_has_not_changed_is_not_dumped_again(initech, shelf):
    run("backup", "initech")
    run("backup", "initech")
    with within(initech):
        User.objects.filter(username="reader").update(first_name="Later")
    run("backup", "initech")
    one, same, other = Backup.objects.select_related("vault").order_by("pk")
    assert (one.dump == same.dump, other.dump == one.dump) == (True, False)
    assert [verify(each) for each in (one, same, other)] == ["", "", ""]
    (shelf / other.vault.folder / other.dump).unlink()
    assert "missing" in verify(other)
    run("backup", "initech")
    assert Backup.objects.latest("pk").dump != other.dump


def test_without_the_organisation_there_is_no_key(initech, shelf):
    run("backup", "initech")
    remove(initech)
    assert not Vault.objects.exists()
    assert [path for path in shelf.rglob("*") if path.is_file()] == []
    assert Tenant.objects.get(slug="initech").state == "removed"


def test_operators_read_it_as_json(initech):
    run("backup", "initech")
    told = {row["slug"]: row for row in json.loads(run("backups", json=True))}
    assert told["initech"]["state"] == "not verified yet"
    assert told["initech"]["bytes"] > 1_000
    assert datetime.fromisoformat(told["initech"]["last"])
