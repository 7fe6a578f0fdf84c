"""Writing the current organisation into a file: export()."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from profiles.exports import tables
from profiles.exports.package import MANIFEST, Manifest, Package, Part
from profiles.exports.tables import Table
from shared.encryption import name_of
from tenants.context import required
from tenants.fingerprint import code_migrations
from tenants.models import Tenant
from tenants.schemas.catalogue import RELATIONS
from tenants.storage import lasting_files

FOLDER = "exports"  # the folder of exports among the organisation's files, one of temporary_folders
BATCH = 500  # rows in memory
# So that every server writes the same value in the same way.
SAME = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
)
SEQUENCES = f"""
SELECT c.relname, a.attname, format('%I', s.relname) FROM pg_class s
JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    AND d.deptype IN ('a', 'i')
JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND s.oid IN {RELATIONS} ORDER BY 1, 2
"""  # noqa: S608  made of our own words
# Fields of the directory that each installation sets itself.
OF_DIRECTORY = frozenset(
    {
        *("id", "schema_name", "slug", "slug_skeleton", "state", "fingerprint", "also_served_by"),
        *("created", "activated", "is_sandbox", "is_operators", "suspension", "support_access"),
    }
)
KEPT = ("django_content_type", "auth_permission", "django_migrations")

Report = Callable[[int, int], None]


def export(out: IO[bytes], *, with_secrets: bool = False, report: Report | None = None) -> Manifest:
    """Write rows and files of the current organisation into a zip, a batch in memory at a time.

    All rows are of the same moment. A file is stored before the row that names it. So files are copied before the
    rows, and new files once more after them. `report` is called with how much is done, and of how much.
    """
    tenant = required()
    done = Progress(report, with_secrets=with_secrets)
    manifest = Manifest(
        organisation={"slug": str(tenant.slug), **own_values(tenant)},
        made=timezone.now().isoformat(timespec="seconds"),
        with_secrets=with_secrets,
        encryption_keys=list(map(name_of, settings.ENCRYPTION_KEYS)) if with_secrets else [],
    )
    with Package(out) as package:
        copy_files(package, done)
        with snapshot():
            manifest.migrations = migrations()
            found = tables.tables()
            manifest.left_out = [*tables.without_model(), *left_out(found, with_secrets=with_secrets)]
            manifest.models = [write_rows(package, table, with_secrets, done) for table in found]
            manifest.sequences = sequences()
        copy_files(package, done)
        manifest.files = package.close_files()
        package.add(MANIFEST, [manifest.write()])
    return manifest


def own_values(tenant: Tenant) -> dict[str, Any]:
    """The organisation's own choices in its row of the directory, such as name and logo."""
    fields = (field for field in Tenant._meta.concrete_fields if field.name not in OF_DIRECTORY)
    values = {field.name: field.value_from_object(tenant) for field in fields}
    return {
        name: value if isinstance(value, bool | int | dict | None) else str(value) for name, value in values.items()
    }


class Progress:
    """Counts written rows and files, out of those that existed in the beginning."""

    def __init__(self, report: Report | None, *, with_secrets: bool) -> None:
        self.report, self.done, self.whole = report, 0, 0
        if report:
            written = (table for table in tables.tables() if with_secrets or not table.is_secret)
            rows = sum(table.model._base_manager.count() for table in written)
            self.whole = rows + sum(1 for _ in lasting_files())

    def add(self, number: int) -> None:
        self.done += number
        if self.report:
            self.report(min(self.done, self.whole), self.whole)


def copy_files(package: Package, done: Progress) -> None:
    """Add the files that the package does not have yet. A file that is deleted meanwhile is skipped."""
    for name in lasting_files():
        if not package.has_file(name):
            try:
                file = default_storage.open(name)
            except FileNotFoundError:
                continue
            with file:
                package.add_file(name, file)
            done.add(1)


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction with one snapshot of the database. In an open transaction, its own."""
    is_first = not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # Switches the connection to this organisation before the transaction begins.
    with transaction.atomic(), connection.cursor() as cursor:
        if is_first:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(SAME)
        yield


def migrations() -> list[str]:
    """The migrations that the schema has, of installed apps."""
    installed = {app for app, _ in code_migrations()}
    seen = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in seen if app in installed)


def left_out(found: list[Table], *, with_secrets: bool) -> list[str]:
    return [] if with_secrets else [table.label for table in found if table.is_secret]


def write_rows(package: Package, table: Table, with_secrets: bool, done: Progress) -> Part:
    """Write a line per row; for a secret table, an empty file."""
    rows = 0

    def pieces() -> Iterator[bytes]:
        nonlocal rows
        for lines in batches(table, with_secrets=with_secrets):
            rows += len(lines)
            done.add(len(lines))
            yield "".join(f"{line}\n" for line in lines).encode()

    columns = [column.name for column in table.columns if with_secrets or not column.is_secret]
    part = Part(table.label, 0, 0, "", columns)
    content = package.add(part.entry, pieces())
    return Part(table.label, rows, content.bytes, content.sha256, columns)


def batches(table: Table, *, with_secrets: bool) -> Iterator[list[str]]:
    """The rows of a table as JSON, read by a server-side cursor."""
    if table.is_secret and not with_secrets:
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(table.select(with_secrets=with_secrets), [])
        while batch := cursor.fetchmany(BATCH):
            yield [line for (line,) in list(batch)]


def sequences() -> dict[str, int | None]:
    """The last number of each sequence, so that the number of a deleted row is never used again."""
    found: dict[str, int | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES)
        for table, column, sequence in cursor.fetchall():
            if table not in KEPT:
                cursor.execute(f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}")  # noqa: S608  quoted by PostgreSQL
                [found[f"{table}.{column}"]] = cursor.fetchone()
    return found
