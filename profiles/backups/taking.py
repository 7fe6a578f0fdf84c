"""Backing up one organisation: back_up().

Nothing counts before it is whole. Files are sealed in a temporary file and stored when they are complete; the row in
the directory becomes `done`, with the sum of the manifest, when all of them are. What a killed process leaves has no
such row, and is deleted at night (keeping.py).
"""

import gzip
from datetime import datetime
from io import BufferedWriter

from django.conf import settings
from django.db import DatabaseError, connection

from profiles.backups.copying import write_copy
from profiles.backups.dumping import check_program, write_dump
from profiles.backups.errors import CannotBackUp, CannotRestore
from profiles.backups.files import Listed, copy_files
from profiles.backups.manifest import Manifest
from profiles.backups.models import Backup, Vault
from profiles.backups.sums import sums
from profiles.backups.vaults import PIECE, Store, Writing, alone, vault_of
from profiles.exports.exporting import own_values, snapshot
from tenants.context import public, within
from tenants.models import Tenant

# By BACKUP_WITH.
WAYS = {"copy": write_copy, "pg_dump": write_dump}
KILLED = "The process was killed, or its machine."


def back_up(tenant: Tenant) -> Backup:
    """Rows and files of an organisation. Not in a transaction: each step has its own.

    Raises CannotBackUp, after it has written down why.
    """
    if tenant.is_sandbox or tenant.slug is None or tenant.state in Tenant.GONE:
        raise CannotBackUp(f"{tenant.slug or tenant.schema_name} is no organisation that is backed up.")
    check_program()
    vault = vault_of(tenant)
    with alone(vault), public():
        vault.backups.filter(state=Backup.State.RUNNING).update(state=Backup.State.FAILED, reason=KILLED)
        backup = Backup.objects.create(vault=vault)
        try:
            write(tenant, vault, backup)
        except (CannotBackUp, CannotRestore, OSError, DatabaseError) as error:
            Backup.objects.filter(pk=backup.pk).update(state=Backup.State.FAILED, reason=str(error)[:500])
            raise CannotBackUp(f"{tenant.slug} is not backed up: {error}") from error
    return backup


def write(tenant: Tenant, vault: Vault, backup: Backup) -> None:
    """Files are copied before the rows and once more after them, so each row has its file."""
    last, before = last_of(vault)
    listed: Listed = {}
    store, known = Store(vault), {file.name: file for file in before.files} if before else {}
    copy_files(tenant, store, listed, known)
    manifest = write_rows(tenant, store, backup, last, before)
    copy_files(tenant, store, listed, known)
    manifest.files = list(listed.values())
    with store.writing(backup.manifest_name) as sealed:
        sealed.write(manifest.write())
    finish(backup, manifest, sealed)


def write_rows(tenant: Tenant, store: Store, backup: Backup, last: Backup | None, before: Manifest | None) -> Manifest:
    """The rows of one moment. Where none has changed, the dump is that of the last backup."""
    with within(tenant), snapshot(), connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        [moment] = cursor.fetchone()
        manifest = described(tenant, moment)
        if last and before and manifest.is_same_as(before) and store.has(last.dump):
            backup.dump, backup.bytes, manifest.dump_sha256 = last.dump, last.bytes, before.dump_sha256
            return manifest
        backup.dump = f"dumps/{backup.pk}"
        with (
            store.writing(backup.dump) as out,
            gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6) as packed,
            BufferedWriter(packed, PIECE) as buffer,
        ):
            WAYS[settings.BACKUP_WITH](tenant, buffer)
        backup.bytes, manifest.dump_sha256 = out.bytes, out.sha256
    return manifest


def described(tenant: Tenant, moment: datetime) -> Manifest:
    """Raises CannotBackUp while the schema is being migrated."""
    with public():
        row = Tenant.objects.get(pk=tenant.pk)
    if not row.fingerprint:
        raise CannotBackUp("Its schema is being migrated. Try again after `migrate`.")
    return Manifest(
        *(row.schema_name, str(row.slug), moment.isoformat(), row.fingerprint, row.also_served_by),
        own=own_values(row),
        sums=sums(row),
    )


def finish(backup: Backup, manifest: Manifest, sealed: Writing) -> None:
    backup.state, backup.moment = Backup.State.DONE, datetime.fromisoformat(manifest.moment)
    backup.sha256, backup.files = sealed.sha256, len(manifest.files)
    backup.save()


def last_of(vault: Vault) -> tuple[Backup | None, Manifest | None]:
    """The last backup; none if it cannot be read or was faulty, so that everything is stored anew."""
    last = vault.backups.done().order_by("-moment").first()
    try:
        return (last, manifest_of(last)) if last and not last.faults else (None, None)
    except CannotRestore:
        return None, None


def manifest_of(backup: Backup) -> Manifest:
    """Raises CannotRestore if it was changed, cut off or lost, or the key is another one."""
    with Store(backup.vault).reading(backup.manifest_name, backup.sha256) as text:
        return Manifest.read(text.read())
