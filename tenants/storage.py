"""Files of the current tenant, each tenant's under a directory of its own."""

import os

from django.core.files.storage import FileSystemStorage

from tenants.context import required


class TenantStorage(FileSystemStorage):
    """Django's file storage, rooted at MEDIA_ROOT/<schema name>. Outside all tenants it raises NoTenant.

    It has no base URL: pages serve files themselves, to those who may see them.
    """

    @property
    def location(self) -> str:  # type: ignore[override]
        return os.path.join(super().location, required().schema_name)

    def url(self, name: str | None) -> str:
        raise ValueError("Files of a tenant have no address of their own; a view serves them to those who may see them.")
