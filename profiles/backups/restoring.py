"""A backup becomes an organisation again, beside the present one: restore(), and verify(), which takes it back.

Files are stored first, in the folder of a schema that does not exist yet. Then one transaction makes the schema, the
rows, and the address. Killed before its commit, only files are left, and the job that was queued first deletes them.
"""

import gzip
import zlib
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from profiles.backups.errors import CannotRestore
from profiles.backups.files import faults_in, put_back
from profiles.backups.manifest import Manifest
from profiles.backups.models import Backup, Sandbox
from profiles.backups.replaying import replay
from profiles.backups.sums import sums
from profiles.backups.taking import manifest_of
from profiles.backups.vaults import Store
from profiles.exports.exporting import SAME, own_values
from profiles.exports.leftovers import forget_files
from tenants.addresses import slugs
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import check_slug, domain_of
from tenants.serving import hosts
from tenants.storage import delete_folder

# Longer than any restore takes.
LEFT_FOR = timedelta(days=7)
MOST_FAULTS = 500  # characters


class TakenBack(Exception):
    """Ends a transaction that was only to try something."""


def restore(backup: Backup, tenant: Tenant, *, slug: str) -> Tenant:
    """The sandbox of this organisation, as the backup has it. It is at the backup's migrations: run `migrate` on it.

    Raises CannotRestore, and nothing has changed.
    """
    manifest = manifest_of(backup)
    store = Store(backup.vault)
    sandbox = new_sandbox(manifest, tenant, slug)
    # Committed at once, and does something only where the sandbox is not there in a week.
    with public():
        forget_files.configure(schedule_in={"seconds": int(LEFT_FOR.total_seconds())}).defer(
            schema_name=sandbox.schema_name
        )
    try:
        put_back(sandbox, store, manifest.files)
        with public(), transaction.atomic():
            settle(backup, manifest, store, sandbox, tenant)
    except BaseException:
        with within(sandbox):
            delete_folder(".")
        raise
    hosts.forget()
    return sandbox


def new_sandbox(manifest: Manifest, tenant: Tenant, slug: str) -> Tenant:
    """Its row, not saved. Raises CannotRestore if there is one already, or the address is no good."""
    with public():
        if Sandbox.objects.filter(of=tenant).exists():
            raise CannotRestore(f"{tenant.slug} has a sandbox. Discard it first: --discard.")
    try:
        check_slug(slug)
    except ValidationError as error:
        raise CannotRestore(f"{slug}: {' '.join(error.messages)} Choose another one: --as SLUG.") from error
    # An older release may have had others.
    own = {name: manifest.own[name] for name in own_values(Tenant()) if name in manifest.own}
    return Tenant(
        **own,
        slug=slug,
        slug_skeleton=slugs.skeleton(slug),
        state=Tenant.State.ACTIVE,
        is_sandbox=True,
        fingerprint=manifest.fingerprint,
        also_served_by=manifest.also_served_by,
        activated=timezone.now(),
    )


def settle(backup: Backup, manifest: Manifest, store: Store, sandbox: Tenant, tenant: Tenant) -> None:
    """Schema, rows and address, in the caller's transaction."""
    replay_dump(backup, manifest, store, sandbox)
    if faults := differences(manifest, sandbox):
        raise CannotRestore(f"It is not what was backed up: {'; '.join(faults)}"[:MOST_FAULTS])
    try:
        Tenant.objects.bulk_create([sandbox])
        Domain.objects.create(tenant=sandbox, domain=domain_of(str(sandbox.slug)), is_primary=True)
        Sandbox.objects.create(tenant=sandbox, of=tenant, moment=datetime.fromisoformat(manifest.moment))
    except IntegrityError as error:
        raise CannotRestore(f"{sandbox.slug} is taken. Choose another address: --as SLUG.") from error


def replay_dump(backup: Backup, manifest: Manifest, store: Store, sandbox: Tenant) -> None:
    with store.reading(backup.dump, manifest.dump_sha256) as sealed:
        try:
            replay(gzip.GzipFile(fileobj=sealed), sandbox, of=manifest.schema_name)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise CannotRestore(f"The dump cannot be unpacked: {error}.") from error


def differences(manifest: Manifest, sandbox: Tenant) -> list[str]:
    """Tables and sequences that are not as they were when the backup was taken."""
    with public(), connection.cursor() as cursor:
        cursor.execute(SAME)
    found = sums(sandbox)
    names = sorted(found.keys() | manifest.sums.keys())
    return [
        f"{name}: {manifest.sums.get(name, 'missing')} before, {found.get(name, 'missing')} now"
        for name in names
        if found.get(name) != manifest.sums.get(name)
    ]


def verify(backup: Backup) -> str:
    """Restore the backup, compare it with what it says of itself, and take all of it back; files are read.

    Returns what is wrong, "" for nothing, and writes it down.
    """
    trial = Tenant()
    try:
        manifest, store = manifest_of(backup), Store(backup.vault)
        faults = faults_in(store, manifest.files)
        try:
            with public(), transaction.atomic():
                replay_dump(backup, manifest, store, trial)
                faults += differences(manifest, trial)
                raise TakenBack
        except TakenBack:
            pass
    except CannotRestore as error:
        faults = [str(error)]
    words = "; ".join(faults)[:MOST_FAULTS]
    with public():
        Backup.objects.filter(pk=backup.pk).update(verified=timezone.now(), faults=words)
    return words
