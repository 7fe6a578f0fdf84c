"""Files of the current tenant, each tenant's under a directory of its own."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from shared.capabilities.registry import temporary_folders
from tenants.context import required

logger = logging.getLogger(__name__)

NOT_STORED = _("We could not store this picture, and nothing was saved. The picture is fine: choose it again later.")

FULL = "files_full"  # the code of the error if the tenant may not have more files

# Sent by store_all() in the current tenant and a transaction: files_wanted with `files` (contents by name) and
# `replaces` before they are written, files_stored with `files` afterwards. A receiver that raises prevents both.
files_wanted, files_stored = Signal(), Signal()
# Sent by remove(), in the same way, with `name`: of a file, or of a folder with all files in it.
file_removed = Signal()


class TenantStorage(FileSystemStorage):
    """Django's file storage, rooted at MEDIA_ROOT/<schema name>. Outside all tenants it raises NoTenant.

    No server serves this folder: a file's name is the path of a view, which checks who may see the file.
    """

    @property
    def location(self) -> str:
        return str(Path(super().location) / required().schema_name)

    def url(self, name: str | None) -> str:
        return f"/{name}"

    def bytes_used(self) -> int:
        """Files that are deleted meanwhile do not count."""
        found = 0
        for folder, _folders, names in os.walk(self.location):
            for name in names:
                with suppress(FileNotFoundError):
                    found += Path(folder, name).stat().st_size
        return found


def files_below(folder: str) -> Iterator[str]:
    """The names of the current tenant's files in a folder, at any depth; none if there is no such folder.

    It uses listdir() alone: an object storage such as S3 has no real folders and no paths.
    """
    folders, files = list_folder(folder)
    yield from (name_in(folder, file) for file in files)
    for each in folders:
        yield from files_below(name_in(folder, each))


def delete_folder(folder: str) -> None:
    """Delete a file of the current tenant, or a folder with its contents. A missing one is not an error.

    An object storage ignores the request to delete the folder itself.
    """
    folders, files = list_folder(folder)
    for file in files:
        default_storage.delete(name_in(folder, file))
    for each in folders:
        delete_folder(name_in(folder, each))
    default_storage.delete(folder)


def bytes_used() -> int:
    """How many bytes the current tenant's files have. A storage with a method of this name says it at once."""
    own = getattr(default_storage, "bytes_used", None)
    return own() if own else sum(default_storage.size(name) for name in files_below("."))


def list_folder(folder: str) -> tuple[list[str], list[str]]:
    """The names of the folders and files directly in it."""
    try:
        return default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return [], []


def name_in(folder: str, name: str) -> str:
    return str(PurePosixPath(folder) / name)


def lasting_files() -> Iterator[str]:
    """The names of the current tenant's files, without those in folders that capabilities call temporary."""
    return (name for name in files_below(".") if name.partition("/")[0] not in temporary_folders())


def store(name: str, content: bytes, *, replaces: str = "") -> None:
    """store_all() for one file."""
    store_all({name: content}, replaces=replaces)


def store_all(files: Mapping[str, bytes], *, replaces: str = "") -> None:
    """Write files of the current tenant. `replaces` is the file or folder that the same transaction removes.

    Raises ValidationError for the person: with the code FULL if the tenant may not have more; with "not_stored" if the
    disk is full or not writable, and logs the reason for operators. Register the deletion with on_rollback() before.
    """
    try:
        with transaction.atomic():
            files_wanted.send(sender=None, files=files, replaces=replaces)
            written = {default_storage.save(name, ContentFile(content)): content for name, content in files.items()}
            files_stored.send(sender=None, files=written)
    except OSError as error:
        logger.exception("%s could not be written.", ", ".join(files))
        raise ValidationError(NOT_STORED, code="not_stored") from error


def remove(name: str) -> None:
    """Delete a file or folder of the current tenant once this transaction is committed, which no longer names it.

    A failure is logged; the transaction's own change is kept.
    """
    file_removed.send(sender=None, name=name)
    transaction.on_commit(partial(delete_folder, name), robust=True)


def remove_now(name: str) -> None:
    """The same at once, for what no row names anyway."""
    file_removed.send(sender=None, name=name)
    delete_folder(name)
