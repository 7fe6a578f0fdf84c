"""check(): compares the current organisation's files with their rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.core.files.storage import default_storage
from django.utils import timezone

from tenants.files.models import File
from tenants.files.recording import read
from tenants.storage import lasting_files

# A file is written before its row is committed, and deleted after its row. No upload takes that long.
AGE = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    kind: Literal["missing", "surplus", "damaged"]
    name: str


def check(*, reads: bool = True) -> Iterator[Finding | None]:
    """A finding, or None, for each file or row of the current organisation. Without `reads`, only names and sizes are
    compared. Raises OSError if the storage does not answer.

    What is stored or removed meanwhile is not reported: each difference is looked at again.
    """
    there = set(lasting_files())
    rows = {row.name: row for row in File.objects.all()}
    for name in sorted(there | rows.keys()):
        yield finding(name, rows.get(name), is_there=name in there, reads=reads)


def finding(name: str, row: File | None, *, is_there: bool, reads: bool) -> Finding | None:
    if row is None:
        return Finding("surplus", name) if is_left(name) else None
    if is_there and is_as_recorded(row, reads=reads):
        return None
    now = File.objects.filter(name=name).first()
    if now is None:
        return None  # It was removed meanwhile.
    if not default_storage.exists(name):
        return Finding("missing", name)
    return None if is_as_recorded(now, reads=reads) else Finding("damaged", name)


def is_as_recorded(row: File, *, reads: bool) -> bool:
    try:
        if default_storage.size(row.name) != row.bytes:
            return False
    except FileNotFoundError:
        return False
    found = read(row.name) if reads else row
    return found is not None and found.sha256 == row.sha256


def is_left(name: str) -> bool:
    """Whether a file without a row is there, and not of an upload or a removal that is under way."""
    try:
        is_old = default_storage.get_modified_time(name) < timezone.now() - AGE
    except FileNotFoundError:
        return False
    return is_old and not File.objects.filter(name=name).exists() and default_storage.exists(name)
