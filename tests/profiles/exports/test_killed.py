"""An import that is killed has made a whole organisation, or none: never half of one."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.exports.comparing import differences, of_file, of_organisation
from profiles.exports.leftovers import forget_files
from profiles.exports.opening import opened_path
from profiles.testing import make_people, make_rows
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tests.profiles.exports.killed import POINTS
from tests.tenants.commands import run

SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%'"


@pytest.mark.slow
def test_killed_anywhere_it_is_all_or_nothing(new_tenant, tmp_path, media):
    tenant = new_tenant("source")
    with within(tenant):
        make_people("source")
    make_rows(tenant)
    run("export_organisation", "source", output=str(tmp_path / "source.zip"))
    before = set(Tenant.objects.values_list("pk", flat=True))
    assert all_killed(str(tmp_path / "source.zip"), media)

    assert list(Tenant.objects.exclude(pk__in=before).values_list("slug", flat=True)) == ["killed-committed"]
    assert not Domain.objects.filter(domain__startswith="killed").exclude(tenant__slug="killed-committed").exists()
    with connection.cursor() as cursor:
        cursor.execute(SCHEMAS)
        assert {name for (name,) in cursor.fetchall()} <= set(Tenant.objects.values_list("schema_name", flat=True))
    made = Tenant.objects.get(slug="killed-committed")
    with opened_path(tmp_path / "source.zip") as (package, manifest):
        assert list(differences(of_organisation(made, with_secrets=False), of_file(package, manifest))) == []
    assert files_of_nobody(media)
    run_all_jobs()
    assert files_of_nobody(media) == []
    with within(made):
        assert default_storage.exists("photos/5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1/512.webp")


def all_killed(path: str, media) -> bool:
    """Has each child been killed where it should?"""
    command = [sys.executable, "-m", "tests.profiles.exports.killed", str(connection.settings_dict["NAME"]), path]
    environment = os.environ | {"MEDIA_ROOT": str(media), "BASE_URL": settings.BASE_URL}
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines() == [f"{point} {int(signal.SIGKILL)}" for point in POINTS]


def files_of_nobody(media) -> list[str]:
    """The folders with files that no organisation has."""
    known = set(Tenant.objects.values_list("schema_name", flat=True))
    having = {path.relative_to(media).parts[0] for path in media.rglob("*") if path.is_file()}
    return sorted(having - known)


def run_all_jobs() -> None:
    """What the worker does in a week."""
    with public():
        jobs = list(ProcrastinateJob.objects.filter(task_name=forget_files.name))
    for job in jobs:
        forget_files.func(**job.args)
