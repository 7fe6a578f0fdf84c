"""bring_in(): makes an organisation from a file, completely or not at all.

First its files are unpacked into the folder of a new schema, whose random name is never used again. Then one
transaction makes the schema, loads all rows, and sets the address. If the process is killed before the commit, files
without an organisation remain; a job that was queued before deletes them.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

from django.core.files import File as DjangoFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from profiles.exports import former, older, tables
from profiles.exports.exporting import SEQUENCES, own_values
from profiles.exports.leftovers import forget_files
from profiles.exports.package import FILES, Manifest
from profiles.exports.tables import REFERENCES, Table
from profiles.exports.verifying import lines_of, listed
from shared.capabilities.registry import call
from tenants.addresses import slugs
from tenants.context import as_owner, public, within
from tenants.errors import AddressTaken
from tenants.fingerprint import code_migrations
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import domain_of
from tenants.schemas.template import replay
from tenants.serving import hosts
from tenants.signals import schema_migrated
from tenants.storage import delete_folder

BATCH_ROWS, BATCH_BYTES = 1_000, 4_000_000
# Longer than any import takes.
LEFT_FOR = timedelta(days=7)
WITH_TRIGGERS = """
SELECT format('%I', c.relname) FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)
"""


class DryRun(Exception):
    """Rolls a dry run back."""


def bring_in(package: ZipFile, manifest: Manifest, *, slug: str, dry_run: bool = False) -> Tenant:
    """Make the organisation of a package without problems (profiles.exports.verifying).

    Raises AddressTaken, TemplateStale, and DataError or IntegrityError if PostgreSQL refuses a row. With `dry_run`,
    the rows are loaded too and rolled back; the returned tenant does not exist then.
    """
    tenant = Tenant(
        **{name: manifest.organisation[name] for name in own_values(Tenant()) if name in manifest.organisation},
        slug=slug,
        slug_skeleton=slugs.skeleton(slug),
        state=Tenant.State.ACTIVE,
        activated=timezone.now(),
    )
    try:
        if not dry_run:
            # Committed at once. In a week, it deletes the files unless the organisation exists.
            forget_files.configure(schedule_in={"seconds": int(LEFT_FOR.total_seconds())}).defer(
                schema_name=tenant.schema_name
            )
            unpack(package, tenant)
        with public(), transaction.atomic():
            settle(package, manifest, tenant)
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    except BaseException:
        with within(tenant):
            delete_folder(".")
        raise
    hosts.forget()
    return tenant


def unpack(package: ZipFile, tenant: Tenant) -> None:
    """Store the files, before any row names them."""
    with within(tenant):
        for file in listed(package):
            with package.open(FILES + file.name) as entry:
                if default_storage.save(file.name, DjangoFile(entry)) != file.name:
                    raise RuntimeError(f"{file.name} cannot be stored under its name.")


def settle(package: ZipFile, manifest: Manifest, tenant: Tenant) -> None:
    """Schema, rows and address, in the caller's transaction."""
    is_older = bool(older.missing(manifest))
    found = older.make(tenant, manifest) if is_older else copied(tenant)
    with within(tenant), as_owner():
        load(package, manifest, found)
    try:
        Tenant.objects.bulk_create([tenant])
        Domain.objects.create(tenant=tenant, domain=domain_of(str(tenant.slug)), is_primary=True)
    except IntegrityError as error:
        raise AddressTaken(f"{tenant.slug} is taken.") from error
    if is_older:
        older.bring_forward(tenant)
    with within(tenant), as_owner():
        call("after_import")
    if {app for app, _ in code_migrations()} - {name.partition(".")[0] for name in manifest.migrations}:
        # Apps that the source does not have make their required rows.
        with within(tenant):
            schema_migrated.send(sender=Tenant)


def copied(tenant: Tenant) -> list[Table]:
    """The schema as a copy of the template; returns its tables."""
    replay(tenant)
    with within(tenant):
        return tables.tables()


def load(package: ZipFile, manifest: Manifest, of_schema: list[Table]) -> None:
    """Load the rows of all tables, instead of the template's. No signal is sent, and no trigger runs."""
    found = {table.label: table for table in of_schema}
    known = json.dumps({model._meta.label: names_of(query) for model, query in REFERENCES.items()})
    with connection.cursor() as cursor:
        cursor.execute(WITH_TRIGGERS)
        watched = [name for (name,) in cursor.fetchall()]
        for name in watched:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        for table in reversed(found.values()):
            cursor.execute(f"DELETE FROM {table.quoted}")  # noqa: S608  our own name
        for part in former.parts(manifest):
            load_rows(cursor, package, found[part.model], part.entry, manifest.with_secrets, known)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        set_sequences(cursor, manifest.sequences)
        for name in watched:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def names_of(query: str) -> dict[str, int]:
    """The primary keys, by the names that an export uses for these rows."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: pk for pk, name in cursor.fetchall()}


def load_rows(cursor: Any, package: ZipFile, table: Table, entry: str, with_secrets: bool, known: str) -> None:
    statement = table.insert(with_secrets=with_secrets)
    with package.open(entry) as lines:
        for batch in batched(lines):
            cursor.execute(statement, {"rows": f"[{','.join(batch)}]", "references": known})
            if cursor.rowcount != len(batch):
                raise IntegrityError(f"{table.label}: {len(batch)} lines have {cursor.rowcount} rows.")


def batched(lines: Any) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for line in lines_of(lines):
        batch.append(line.decode())
        size += len(line)
        if len(batch) == BATCH_ROWS or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def set_sequences(cursor: Any, numbers: dict[str, int | None]) -> None:
    cursor.execute(SEQUENCES)
    for table, column, sequence in cursor.fetchall():
        number = numbers.get(f"{table}.{column}")
        if number is not None:
            cursor.execute("SELECT setval(%s, %s)", [sequence, number])
