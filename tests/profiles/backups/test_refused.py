"""A backup that is not what was written is refused in words, and nothing is left of the attempt."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection

from config.bundled.server import SUPERUSER
from profiles.backups.models import Backup, Vault
from profiles.backups.restoring import verify
from profiles.backups.vaults import rewrap
from tenants.context import public
from tenants.models import TEMPLATE_SCHEMA, Tenant
from tenants.organisations.remove import remove
from tests.tenants.commands import run

SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%'"
ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE 't\\_%'"
DATABASES = "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%' AND datname <> current_database()"


def names(query: str) -> set[str]:
    with public(), connection.cursor() as cursor:
        return {name for (name,) in cursor.execute(query).fetchall()}


def made_elsewhere() -> set[str]:
    """Schemas of databases that other processes test in at the same time: all roles are the server's."""
    found: set[str] = set()
    for database in names(DATABASES):
        with psycopg.connect(**connection.get_connection_params() | {"user": SUPERUSER, "dbname": database}) as other:
            found |= {name for (name,) in other.execute(SCHEMAS)}
    return found


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 20)


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_what_was_changed_cut_off_or_lost_is_refused(initech, shelf, media):
    run("backup", "initech")
    backup = Backup.objects.select_related("vault").get()
    folder = shelf / backup.vault.folder
    assert verify(backup) == ""
    schemas, roles, folders = names(SCHEMAS), names(ROLES), set(media.iterdir())

    for name in (backup.dump, backup.manifest_name):
        for harm, words in ((cut, "cut off"), (change, "changed"), (Path.unlink, "missing")):
            path = folder / name
            content = path.read_bytes()
            harm(path)
            with pytest.raises(CommandError, match=words):
                run("restore_organisation", "initech", at="2100-01-01")
            assert words in verify(backup)
            path.write_bytes(content)
    stored = next(path for path in (folder / "files").iterdir())
    content = stored.read_bytes()
    change(stored)
    with pytest.raises(CommandError, match="has been changed"):
        run("restore_organisation", "initech", at="2100-01-01")
    assert "has been changed" in verify(backup)
    stored.write_bytes(content)

    assert (names(SCHEMAS), set(media.iterdir())) == (schemas, folders)
    assert (names(ROLES) - roles - made_elsewhere()) & names(ROLES) == set()
    assert not Tenant.objects.filter(is_sandbox=True).exists()
    assert verify(backup) == ""


@pytest.mark.slow
def test_what_was_sealed_with_another_key_is_refused(initech, new_tenant, shelf, settings):
    globe = new_tenant("globe")
    run("backup", "initech", "globe")
    ours, theirs = (Backup.objects.select_related("vault").get(vault__tenant=each) for each in (initech, globe))
    Vault.objects.filter(pk=ours.vault.pk).update(key=theirs.vault.key)
    with pytest.raises(CommandError, match="The key is another one"):
        run("restore_organisation", "initech", at="2100-01-01")
    settings.ENCRYPTION_KEYS = ["k" * 50]
    with pytest.raises(CommandError, match="which is not in ENCRYPTION_KEYS"):
        run("restore_organisation", "globe", at="2100-01-01")


def test_key_is_encrypted_anew_and_opens_what_it_opened(initech, settings):
    run("backup", "initech")
    settings.ENCRYPTION_KEYS = ["new" * 20, *settings.ENCRYPTION_KEYS]
    assert (rewrap(), rewrap()) == (1, 0)
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert verify(Backup.objects.select_related("vault").get()) == ""


def test_nothing_is_readable_in_the_storage(initech, shelf):
    run("backup", "initech")
    written = b"".join(path.read_bytes() for path in shelf.rglob("*") if path.is_file())
    assert len(written) > 5_000
    for words in (b"initech", b"CREATE TABLE", initech.schema_name.encode()):
        assert words not in written


def test_old_pg_dump_is_refused_before_anything_is_written(initech, settings, tmp_path):
    """An installation whose image has the pg_dump of an older Debian."""
    old = tmp_path / "pg_dump"
    old.write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"\n')
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    settings.BACKUP_WITH = "pg_dump"
    for path, words in ((str(old), "is version 15, and the server 18"), ("/nowhere/pg_dump", "cannot be run")):
        settings.PG_DUMP = path
        with pytest.raises(CommandError, match=words):
            run("backup", "initech")
    assert not Vault.objects.filter(tenant=initech).exists()


def test_what_cannot_be_restored_is_said(initech, new_tenant):
    for options, words in (
        ({"take_over": True}, "has no sandbox"),
        ({"at": "2026-11-25T03:00"}, "has no backup"),
        ({"at": "yesterday"}, "is no time"),
    ):
        with pytest.raises(CommandError, match=words):
            run("restore_organisation", "initech", **options)
    run("restore_organisation", "initech")
    for options, words in (({"at": "2001-01-01"}, "The first backup of initech is of"), ({}, "has a sandbox")):
        with pytest.raises(CommandError, match=words):
            run("restore_organisation", "initech", **options)
    with pytest.raises(CommandError, match="1 of 1 are not backed up"):
        run("backup", "initech-sandbox")
    for name in ("initech-sandbox", TEMPLATE_SCHEMA):
        with pytest.raises(CommandError, match="which has no backups"):
            run("restore_organisation", name, at="2100-01-01")
    new_tenant("other")
    with pytest.raises(CommandError, match="Choose another one: --as SLUG"):
        run("restore_organisation", "other", slug="initech")
    remove(initech)
    with pytest.raises(CommandError, match="is removed, and its backups with it"):
        run("restore_organisation", "initech")
