"""Copying the files of all organisations from the storage in use to another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest

from django.core.files.storage import Storage, default_storage

from tenants.context import public, within
from tenants.models import Tenant
from tenants.storage import files_below


@dataclass
class Tally:
    """Of one organisation: how many files were copied, how many were there already, and how many bytes were copied."""

    copied: int = 0
    there: int = 0
    bytes: int = 0


def move_files(target: Storage) -> Iterator[tuple[Tenant, Tally]]:
    """Copy what the target does not have yet, one organisation after the other. Nothing is deleted.

    A run that was stopped is continued by the next one. Raises OSError if a file cannot be read or written.
    """
    with public():
        tenants = list(Tenant.objects.exclude(state=Tenant.State.REMOVED).order_by("pk"))
    for tenant in tenants:
        with within(tenant):
            yield tenant, copy_all(target)


def copy_all(target: Storage) -> Tally:
    tally = Tally()
    for name in files_below("."):
        try:
            size = default_storage.size(name)
            if target.exists(name) and target.size(name) == size:
                tally.there += 1
                continue
            copy(target, name)
        except FileNotFoundError:
            if default_storage.exists(name):
                raise
            continue  # It was deleted meanwhile.
        tally.copied += 1
        tally.bytes += size
    return tally


def copy(target: Storage, name: str) -> None:
    """Copy a file, and read it again. A part of it, which a stopped run has left, is replaced.

    Raises OSError if it is not the same there.
    """
    target.delete(name)
    with default_storage.open(name) as file:
        if target.save(name, file) != name:
            raise OSError(f"{name} was written at this moment by something else.")
    with default_storage.open(name) as file, target.open(name) as other:
        if file_digest(file, "sha256").digest() != file_digest(other, "sha256").digest():
            raise OSError(f"{name} is not the same in both storages.")
