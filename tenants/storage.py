"""Files of the current tenant, each tenant's under a directory of its own."""

from pathlib import Path

from django.core.files.storage import FileSystemStorage

from tenants.context import required


class TenantStorage(FileSystemStorage):
    """Django's file storage, rooted at MEDIA_ROOT/<schema name>. Outside all tenants it raises NoTenant.

    Nothing serves it as a folder: a file's name is the path of a view, which knows who may see it.
    """

    @property
    def location(self) -> str:
        return str(Path(super().location) / required().schema_name)

    def url(self, name: str | None) -> str:
        return f"/{name}"
