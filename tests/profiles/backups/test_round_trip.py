"""An organisation is backed up and comes back beside itself, is compared, and takes its place."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from profiles.backups.models import Backup
from profiles.backups.restoring import verify
from profiles.models import User
from tenants.context import within
from tenants.models import Domain, Tenant
from tenants.schemas.drift import differences as drift
from tests.tenants.commands import run

PHOTO = "photos/5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1/64.webp"


@pytest.mark.slow
def test_backup_of_before_a_migration_is_brought_to_the_state_of_the_code(initech):
    """It was taken by an older release, which had two tables of sessions."""
    run("migrate", "profiles", "0020", tenant="initech", verbosity=0)
    run("backup", "initech")
    run("migrate", tenant="initech", verbosity=0)
    assert verify(Backup.objects.select_related("vault").get()) == ""
    run("restore_organisation", "initech", at="2100-01-01")
    sandbox = Tenant.objects.get(slug="initech-sandbox")
    assert sandbox.is_complete
    assert list(drift([sandbox])) == []
    run("restore_organisation", "initech", take_over=True)


def test_it_comes_back_is_compared_and_takes_its_place(initech, shelf):
    assert "initech is backed up" in run("backup", "initech")
    moment = Backup.objects.get().moment
    with within(initech):
        User.objects.filter(username="reader").update(first_name="Changed")
        User.objects.create_user("late", "late@initech.example")
        default_storage.delete(PHOTO)
        default_storage.save("late.txt", ContentFile(b"late"))

    told = run("restore_organisation", "initech", at=moment.isoformat())
    assert "http://initech-sandbox.localhost" in told
    sandbox = Tenant.objects.get(slug="initech-sandbox")
    assert sandbox.is_sandbox
    assert list(drift([sandbox])) == []
    with within(sandbox):
        assert default_storage.exists(PHOTO)

    changes = {row["what"]: row for row in json.loads(run("restore_organisation", "initech", compare=True, json=True))}
    assert (changes["profiles.User"]["added"], changes["profiles.User"]["changed"]) == (1, 1)
    assert changes["files"]["keys"] == {"added": ["late.txt"], "gone": [PHOTO]}
    assert "profiles.Profile" in run("restore_organisation", "initech-sandbox", compare=True)

    run("restore_organisation", "initech", take_over=True)
    present = Tenant.objects.get(slug="initech")
    assert (present.pk, present.schema_name) == (initech.pk, sandbox.schema_name)
    with within(present):
        assert not User.objects.filter(username="late").exists()
        assert default_storage.exists(PHOTO)
    assert "initech" in run("backup", "initech")
    assert "initech-sandbox is removed" in run("restore_organisation", "initech", discard=True)
    assert not Tenant.objects.filter(is_sandbox=True).exists()
    assert not Domain.objects.filter(domain__startswith="initech-sandbox").exists()
    assert Backup.objects.filter(vault__tenant=present).done().count() == 2
