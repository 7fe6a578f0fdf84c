"""Backups in a bucket, and settings that are wrong."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from profiles.backups.apps import BackupsConfig
from profiles.backups.keeping import forget_old
from profiles.backups.models import Backup, Vault
from profiles.backups.restoring import verify
from tenants.object_storage.apps import storage_of
from tenants.organisations.remove import remove
from tests.storages import Bucket
from tests.tenants.commands import run


@pytest.mark.slow
def test_bucket_holds_backups_as_a_folder_does(initech, settings):
    bucket = Bucket()
    settings.STORAGES = settings.STORAGES | {"backups": storage_of(bucket.url)}
    run("backup", "initech")
    backup = Backup.objects.select_related("vault").get()
    assert verify(backup) == ""
    names = bucket.names()
    run("backup", "initech")
    assert len(bucket.names()) == len(names) + 1, "A manifest: nothing has changed."
    vault = Vault.objects.get(tenant=initech)
    vault.backups.exclude(pk=backup.pk).delete()
    forget_old(vault)
    assert bucket.names() == names
    run("restore_organisation", "initech", at="2100-01-01")
    bucket.drop(f"{vault.folder}/{backup.dump}")
    assert "is missing" in verify(backup)
    remove(initech)
    assert bucket.names() == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BACKUP_URL", "s3://", "BACKUP_URL is not the address of a bucket"),
        ("BACKUP_URL", "ftp://backups.example", "BACKUP_URL is not the address of a bucket"),
        ("BACKUP_EVERY_HOURS", "-1", "It has to be 0 at least"),
        ("BACKUP_WITH", "tar", "It has to be copy or pg_dump"),
        ("BACKUP_KEPT_DAYS", "0", "It has to be 1 at least"),
    ],
)
def test_setting_that_means_nothing_is_refused(monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=words):
        BackupsConfig.settings(Env()), BackupsConfig.storages(Env())


def test_folder_is_below_the_product_unless_it_is_absolute(monkeypatch):
    for given, found in (("/srv/backups", "/srv/backups"), ("elsewhere", "/elsewhere"), ("", "/var/backups")):
        monkeypatch.setenv("BACKUP_URL", given)
        assert BackupsConfig.storages(Env())["backups"]["OPTIONS"]["location"].endswith(found)
