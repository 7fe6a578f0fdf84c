"""A backup that is killed does not count, and a restore that is killed has made a whole sandbox or none."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from profiles.backups.keeping import forget_old
from profiles.backups.models import Backup, Sandbox
from profiles.backups.restoring import verify
from profiles.exports.comparing import differences, of_organisation
from tenants.models import Domain, Tenant
from tests.profiles.backups.killed import BACKUP, RESTORE
from tests.profiles.exports.test_killed import SCHEMAS, files_of_nobody, run_all_jobs
from tests.tenants.commands import run

pytestmark = pytest.mark.slow


def test_killed_anywhere_it_is_all_or_nothing(initech, shelf, media):
    run("backup", "initech")
    first = Backup.objects.select_related("vault").get()
    Backup.objects.update(faults="It could not be restored.")  # So the next ones store everything anew.
    moment = first.moment.isoformat()
    command = [sys.executable, "-m", "tests.profiles.backups.killed", connection.settings_dict["NAME"], shelf, moment]
    environment = os.environ | {"MEDIA_ROOT": str(media), "BASE_URL": settings.BASE_URL}
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    points = [name for _, name, _ in [*BACKUP.values(), *RESTORE.values()]]
    assert done.stdout.splitlines() == [f"{name} {int(signal.SIGKILL)}" for name in points], done.stderr

    assert [each.pk for each in Backup.objects.done().exclude(pk=first.pk)] == [Backup.objects.latest("pk").pk]
    for backup in Backup.objects.done().select_related("vault"):
        assert verify(backup) == ""
    run("backup", "initech")
    assert not Backup.objects.filter(state=Backup.State.RUNNING).exists()
    forget_old(first.vault)
    manifests = {path.name for path in (shelf / first.vault.folder / "manifests").iterdir()}
    assert manifests == {str(pk) for pk in Backup.objects.done().values_list("pk", flat=True)}

    made = Sandbox.objects.get().tenant
    assert made.slug == "killed-committed"
    assert not Domain.objects.filter(domain__startswith="killed").exclude(tenant=made).exists()
    with connection.cursor() as cursor:
        cursor.execute(SCHEMAS)
        assert {name for (name,) in cursor.fetchall()} <= set(Tenant.objects.values_list("schema_name", flat=True))
    changed = {name for name, _, _ in differences(of_organisation(initech), of_organisation(made))}
    assert not any("profiles." in name or name.startswith("file ") for name in changed), changed
    assert files_of_nobody(media)
    run_all_jobs()
    assert files_of_nobody(media) == []
