"""The job that deletes the files of an import that was killed."""

from procrastinate.contrib.django import app

from tenants.context import public, within
from tenants.models import Tenant
from tenants.storage import delete_folder


@app.task(name="profiles.forget_imported_files", retry=5)
def forget_files(schema_name: str) -> None:
    """Delete the files of a schema that no organisation uses. Queued before the first file is written."""
    with public():
        if Tenant.objects.filter(schema_name=schema_name).exists():
            return
    with within(Tenant(schema_name=schema_name)):
        delete_folder(".")
