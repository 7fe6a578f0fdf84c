"""Rows for files: record(), forget(), and record_unknown() for files that other code has stored."""

from collections.abc import Iterator, Mapping
from hashlib import file_digest, sha256

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from tenants.files.models import File
from tenants.storage import lasting_files

BATCH = 500  # rows in one statement


def record(files: Mapping[str, bytes]) -> None:
    write(File(name=name, bytes=len(content), sha256=sha256(content).hexdigest()) for name, content in files.items())


def write(rows: Iterator[File]) -> int:
    """Returns how many."""
    made = File.objects.bulk_create(
        list(rows),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["bytes", "sha256"],
    )
    return len(made)


def below(name: str) -> QuerySet[File]:
    """The row of a file, or those of all files in a folder."""
    return File.objects.filter(Q(name=name) | Q(name__startswith=f"{name}/"))


def record_unknown() -> int:
    """Write a row for each file of the current organisation that has none; returns how many. It reads these files."""
    names = set(lasting_files()).difference(File.objects.values_list("name", flat=True))
    return write(row for name in sorted(names) if (row := read(name)))


def read(name: str) -> File | None:
    """The row that a file has to have; None if it was deleted meanwhile."""
    try:
        with default_storage.open(name) as file:
            return File(name=name, bytes=file.size, sha256=file_digest(file, "sha256").hexdigest())
    except FileNotFoundError:
        return None
