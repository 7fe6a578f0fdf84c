"""Files of many gigabytes that take no room on the disk: what is nothing but zeros is not written."""

import os
from io import FileIO
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile

from tenants.storage import TenantStorage


class SparseFile(FileIO):
    """Skips pieces of zeros, so that the file has holes in their place."""

    def write(self, content: Any) -> int:
        piece = memoryview(content).cast("B")
        if any(piece):
            return super().write(piece)
        self.seek(len(piece), os.SEEK_CUR)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self.truncate(max(self.tell(), self.seek(0, os.SEEK_END)))
        super().close()


class SparseStorage(TenantStorage):
    """The files of organisations, with holes. An export is written into one as into any other."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        opened = super()._open(name, mode)  # type: ignore[misc]  # Django's, which has no types for it
        if "w" not in mode:
            return opened
        opened.close()
        return File(SparseFile(self.path(name), "r+"))

    def grow(self, name: str, size: int) -> None:
        """Make a file of so many zeros."""
        os.truncate(self.path(self.save(name, ContentFile(b""))), size)
