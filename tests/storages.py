"""The two kinds of storage that files may lie in: a disk, and objects in a bucket, which has no folders."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

from tenants.context import required, within
from tenants.models import Tenant


class BucketStorage(Storage):
    """Behaves as S3 does: a prefix does not exist, has no time and no path, is listed, and deleting it does nothing."""

    objects: ClassVar[dict[str, tuple[bytes, float]]] = {}

    def key(self, name: str) -> str:
        return f"{required().schema_name}/{name}".removesuffix("/.")

    def _open(self, name: str, mode: str = "rb") -> File:
        if not self.exists(name):
            raise FileNotFoundError(name)
        return ContentFile(self.objects[self.key(name)][0], name)

    def _save(self, name: str, content: File) -> str:
        self.objects[self.key(name)] = (content.read(), time.time())
        return name

    def exists(self, name: str) -> bool:
        return self.key(name) in self.objects

    def delete(self, name: str) -> None:
        self.objects.pop(self.key(name), None)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        prefix = f"{self.key(path)}/"
        below = [key.removeprefix(prefix).split("/") for key in self.objects if key.startswith(prefix)]
        folders = {parts[0] for parts in below if len(parts) > 1}
        return sorted(folders), [parts[0] for parts in below if len(parts) == 1]

    def size(self, name: str) -> int:
        return len(self.objects[self.key(name)][0])

    def get_modified_time(self, name: str) -> datetime:
        return datetime.fromtimestamp(self.objects[self.key(name)][1], UTC)


class Disk:
    """What lies on a disk, of all organisations."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Of all files, with their organisation's folder."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def drop(self, name: str) -> None:
        (self.root / name).unlink()

    def date(self, tenant: Tenant, name: str, when: float) -> None:
        """Let a file have been written then."""
        os.utime(self.root / tenant.schema_name / name, (when, when))

    def rest(self, tenant: Tenant) -> list[Any]:
        """What there is of an organisation, be it an empty folder."""
        return list(self.root.glob(tenant.schema_name))


class Bucket:
    """The same of what lies in a bucket."""

    def __init__(self) -> None:
        BucketStorage.objects.clear()

    def names(self) -> list[str]:
        return sorted(BucketStorage.objects)

    def read(self, name: str) -> bytes:
        return BucketStorage.objects[name][0]

    def drop(self, name: str) -> None:
        del BucketStorage.objects[name]

    def date(self, tenant: Tenant, name: str, when: float) -> None:
        with within(tenant):
            key = BucketStorage().key(name)
        BucketStorage.objects[key] = (BucketStorage.objects[key][0], when)

    def rest(self, tenant: Tenant) -> list[Any]:
        return [name for name in self.names() if name.startswith(f"{tenant.schema_name}/")]


Media = Disk | Bucket


def make_media(kind: str, settings: Any, root: Path) -> Media:
    """An empty storage of this kind, for the product to use."""
    if kind == "disk":
        settings.MEDIA_ROOT = root
        return Disk(root)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tests.storages.BucketStorage"}}
    return Bucket()
