"""Files of the current tenant, each tenant's under a directory of its own."""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext_lazy as _

from tenants.context import required

logger = logging.getLogger(__name__)

NOT_STORED = _("We could not store this picture, and nothing was saved. The picture is fine: choose it again later.")


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


def store(name: str, content: bytes) -> None:
    """Write a file of the current tenant. If the disk is full or not writable, it logs the reason for operators and
    raises ValidationError, with the code "not_stored", for the person.
    """
    try:
        default_storage.save(name, ContentFile(content))
    except OSError as error:
        logger.exception("%s could not be written.", name)
        raise ValidationError(NOT_STORED, code="not_stored") from error
